import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactElement } from 'react';
import { unwrap, api } from '../../api/client.js';
import { lanesQuery, queuesQuery } from '../../api/queries.js';
import { RequireScope } from '../../shell/require-scope.js';
import { NeedsScope } from '../../ui/confirm.js';
import { Loading } from '../../ui/loading.js';
import { showToast } from '../../ui/toasts.js';
import { toMessage, ErrorMessage } from '../../ui/error-message.js';
import { NewLaneForm } from './new-lane-form.js';
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
  const settings = useQuery(lanesQuery()).data?.lanes;
  const [isMaking, setMaking] = useState(false);
  const lanes = Object.entries(data?.lanes ?? {});
  const names = lanes.map(([lane]) => lane).join();
  useEffect(() => {
    if (names !== '') {
      void queries.invalidateQueries({ queryKey: ['access'] }); // other pages offer the lanes that there are now
    }
  }, [names, queries]);
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
      <div className="row spread">
        <h1>Control</h1>
        {!isMaking && (
          <NeedsScope needs="admin">
            <button
              type="button"
              className="button"
              onClick={() => {
                setMaking(true);
              }}
            >
              New lane
            </button>
          </NeedsScope>
        )}
      </div>
      {isMaking && (
        <NewLaneForm
          onClose={() => {
            setMaking(false);
          }}
        />
      )}
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {lanes.map(([lane, queue]) => (
        <LaneControl
          key={lane}
          lane={lane}
          name={isAlone ? 'The gate' : `The gate of ${lane}`}
          queue={queue}
          settings={settings?.find((each) => each.lane === lane)}
          control={control}
        />
      ))}
    </div>
  );
}
