import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import { useAccess } from '../../api/access.js';
import { call } from '../../api/client.js';
import { deadLettersQuery } from '../../api/queries.js';
import { Confirm } from '../../ui/confirm.js';
import { IngestionTag, PriorityBadge } from '../../ui/marks.js';
import { notify } from '../../ui/notices.js';
import { messageOf, Problem } from '../../ui/problem.js';
import { formatCount, Time } from '../../ui/time.js';
import { groupByError, type Group } from './groups.js';
import '../../ui/table.css';
import './dead-letters.css';

const LIVE_MS = 5000;
const SHOWN = 50;

type Redrive = (path: string, query?: Readonly<Record<string, string>>) => void;

/** Ids that gave up, by what they died of. */
export function DeadLettersPage(): ReactElement {
  const queries = useQueryClient();
  const { mayControl } = useAccess();
  const { data, error, refetch, hasNextPage, fetchNextPage, isPending } = useInfiniteQuery({
    ...deadLettersQuery(),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
  });
  const letters = useMemo(() => data?.pages.flatMap((page) => page.dead_letters) ?? [], [data]);
  const groups = useMemo(() => groupByError(letters), [letters]);
  const send = async (path: string, query: Readonly<Record<string, string>>): Promise<void> => {
    try {
      const { redriven } = await call<{ redriven: number }>(path, { method: 'POST', query });
      notify(`${formatCount(redriven)} ${redriven === 1 ? 'id goes' : 'ids go'} out again`);
    } catch (failure) {
      notify(messageOf(failure), 'bad');
    }
    await queries.invalidateQueries();
  };
  const redrive: Redrive = (path, query = {}) => {
    void send(path, query);
  };
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Dead letters</h1>
        {mayControl && letters.length > 0 && (
          <Confirm
            title="Send all of them again?"
            text="Every dead letter goes back into the queue at its own priority, attempts starting anew."
            action="Send all again"
            onConfirm={() => {
              redrive('dead-letters/redrive');
            }}
          >
            <button type="button" className="button">
              Redrive all
            </button>
          </Confirm>
        )}
      </div>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {letters.length === 0 && error === null && (
        <section className="panel">
          <p className="muted">{isPending ? 'Looking …' : 'No id has given up.'}</p>
        </section>
      )}
      {groups.map((group) => (
        <GroupPanel key={group.key} group={group} redrive={mayControl ? redrive : null} />
      ))}
      {hasNextPage && (
        <button type="button" className="button" onClick={() => void fetchNextPage()}>
          Older ones
        </button>
      )}
    </div>
  );
}

function GroupPanel({
  group,
  redrive,
}: {
  readonly group: Group;
  readonly redrive: Redrive | null;
}): ReactElement {
  const { kind, message, letters, ingestionIds } = group;
  return (
    <section className="panel">
      <div className="row spread">
        <div>
          <h2>
            <span className="kind">{kind}</span> {message}
          </h2>
          <p className="muted">
            {formatCount(letters.length)} {letters.length === 1 ? 'id' : 'ids'} of{' '}
            {formatCount(ingestionIds.length)} {ingestionIds.length === 1 ? 'list' : 'lists'}
          </p>
        </div>
        {redrive !== null && (
          <Confirm
            title={`Send all of kind “${kind}” again?`}
            text="Every dead letter of this kind goes back into the queue, those that are not shown too."
            action="Send again"
            onConfirm={() => {
              redrive('dead-letters/redrive', { kind });
            }}
          >
            <button type="button" className="button small">
              Redrive all “{kind}”
            </button>
          </Confirm>
        )}
      </div>
      <details>
        <summary>Show them</summary>
        <div className="table-frame" tabIndex={0} role="region" aria-label={`Ids that died of ${message}`}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Id</th>
                <th scope="col">List</th>
                <th scope="col">Priority</th>
                <th scope="col">Attempts</th>
                <th scope="col">Gave up</th>
                {redrive !== null && <th scope="col">Again</th>}
              </tr>
            </thead>
            <tbody>
              {letters.slice(0, SHOWN).map((letter) => (
                <tr key={`${letter.ingestion_id}-${String(letter.position)}`}>
                  <td className="number">{String(letter.id)}</td>
                  <td>
                    <IngestionTag id={letter.ingestion_id} />
                  </td>
                  <td>
                    <PriorityBadge priority={letter.priority} />
                  </td>
                  <td className="number">{letter.attempts.length}</td>
                  <td>
                    <Time value={letter.died_at} />
                  </td>
                  {redrive !== null && (
                    <td>
                      <button
                        type="button"
                        className="button small"
                        onClick={() => {
                          redrive('dead-letters/redrive', { ingestion_id: letter.ingestion_id, kind });
                        }}
                      >
                        Those of its list
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {letters.length > SHOWN && <p className="muted">… and {formatCount(letters.length - SHOWN)} more</p>}
      </details>
    </section>
  );
}
