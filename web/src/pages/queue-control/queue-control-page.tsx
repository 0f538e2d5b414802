import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { answerTo, api } from '../../api/client.js';
import { queuesQuery } from '../../api/queries.js';
import { OnlyWith } from '../../shell/require-scope.js';
import { Loading } from '../../ui/loading.js';
import { notify } from '../../ui/toasts.js';
import { messageOf, Problem } from '../../ui/error-message.js';
import { GateControl, type Control } from './lane-control.js';
import './queue-control.css';

/** Where the gates are stopped and opened. */
export function ControlPage(): ReactElement {
  return (
    <OnlyWith scope="admin" title="Control">
      <Gates />
    </OnlyWith>
  );
}

function Gates(): ReactElement {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(queuesQuery());
  const lanes = Object.entries(data?.lanes ?? {});
  const isAlone = lanes.length === 1;
  const control: Control = async (what, lane) => {
    const params = { query: { lane } };
    try {
      const queues = await answerTo(
        what === 'pause' ? api.POST('/queue/pause', { params }) : api.POST('/queue/resume', { params }),
      );
      queries.setQueryData(queuesQuery().queryKey, queues);
      const gate = isAlone ? 'The gate' : `The gate of ${lane}`;
      notify(what === 'pause' ? `${gate} is paused` : `${gate} is open`);
    } catch (failure) {
      notify(messageOf(failure), 'bad');
    }
  };
  return (
    <div className="stack">
      <h1>Control</h1>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {lanes.map(([lane, queue]) => (
        <GateControl
          key={lane}
          lane={lane}
          name={isAlone ? 'The gate' : `The gate of ${lane}`}
          queue={queue}
          control={control}
        />
      ))}
    </div>
  );
}
