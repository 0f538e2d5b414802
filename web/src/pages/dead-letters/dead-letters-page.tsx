import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import { deadLettersQuery } from '../../api/queries.js';
import { OnlyWith } from '../../shell/only-with.js';
import { Confirm } from '../../ui/confirm.js';
import { Loading } from '../../ui/loading.js';
import { Problem } from '../../ui/problem.js';
import { GroupPanel } from './group-panel.js';
import { groupByError } from './groups.js';
import { useRedrive } from './redrive.js';
import './dead-letters.css';

const LIVE_MS = 5000;

/** Ids that gave up, by what they died of. */
export function DeadLettersPage(): ReactElement {
  return (
    <OnlyWith scope="admin" title="Dead letters">
      <DeadLetters />
    </OnlyWith>
  );
}

function DeadLetters(): ReactElement {
  const redrive = useRedrive();
  const { data, error, refetch, hasNextPage, fetchNextPage, isPending } = useInfiniteQuery({
    ...deadLettersQuery(),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
  });
  const groups = useMemo(() => groupByError(data?.pages.flatMap((page) => page.dead_letters) ?? []), [data]);
  return (
    <div className="stack">
      <div className="row spread">
        <h1>Dead letters</h1>
        {groups.length > 0 && (
          <Confirm
            title="Send all of them again?"
            text="Every dead letter goes back into the queue at its own priority, attempts starting anew."
            action="Send all again"
            onConfirm={() => {
              redrive([{}]);
            }}
          >
            <button type="button" className="button">
              Redrive all
            </button>
          </Confirm>
        )}
      </div>
      {error !== null && <Problem error={error} onRetry={() => void refetch()} />}
      {groups.length === 0 && error === null && (
        <section className="panel">
          <p className="muted">{isPending ? 'Looking …' : 'No id has given up.'}</p>
        </section>
      )}
      {groups.map((group) => (
        <GroupPanel key={group.key} group={group} redrive={redrive} />
      ))}
      {hasNextPage && (
        <button type="button" className="button" onClick={() => void fetchNextPage()}>
          Older ones
        </button>
      )}
    </div>
  );
}
