import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { unwrap, api } from '../../api/client.js';
import { queuesQuery } from '../../api/queries.js';
import { RequireScope } from '../../shell/require-scope.js';
import { Loading } from '../../ui/loading.js';
import { showToast } from '../../ui/toasts.js';
import { toMessage, ErrorMessage } from '../../ui/error-message.js';
import { LaneControl, type ControlAction } from './lane-control.js';
import './queue-control.css';

/** Shows all lanes, with buttons that pause and resume them. */
export function QueueControlPage(): ReactElement {
  return (
    <RequireScope scope="observe" title="Control">
      <LaneControls />
    </RequireScope>
  );
}

function LaneControls(): ReactElement {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(queuesQuery());
  const lanes = Object.entries(data?.lanes ?? {});
  const isAlone = lanes.length === 1;
  const control: ControlAction = async (what, lane) => {
    const params = { query: { lane } };
    try {
      const queues = await unwrap(
        what === 'pause' ? api.POST('/queue/pause', { params }) : api.POST('/queue/resume', { params }),
      );
      queries.setQueryData(queuesQuery().queryKey, queues);
      const gate = isAlone ? 'The gate' : `The gate of ${lane}`;
      showToast(what === 'pause' ? `${gate} is paused` : `${gate} is open`);
    } catch (failure) {
      showToast(toMessage(failure), 'bad');
    }
  };
  return (
    <div className="stack">
      <h1>Control</h1>
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {lanes.map(([lane, queue]) => (
        <LaneControl
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
