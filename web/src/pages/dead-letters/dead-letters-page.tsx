import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, type ReactElement } from 'react';
import { deadLetterCountsQuery, deadLettersQuery } from '../../api/queries.js';
import { RequireScope } from '../../shell/require-scope.js';
import { Confirm } from '../../ui/confirm.js';
import { Loading } from '../../ui/loading.js';
import { formatCount } from '../../ui/format.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { GroupPanel } from './group-panel.js';
import { groupByKind, idsText, totalOf } from './group-by-error.js';
import { useRedrive } from './use-redrive.js';
import './dead-letters.css';

const LIVE_MS = 5000;

/** Shows failed ids, grouped by the kind of their error. */
export function DeadLettersPage(): ReactElement {
  return (
    <RequireScope scope="observe" title="Dead letters">
      <DeadLetters />
    </RequireScope>
  );
}

function DeadLetters(): ReactElement {
  const redrive = useRedrive();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    ...deadLettersQuery(),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
  });
  const counted = useQuery(deadLetterCountsQuery());
  const counts = counted.data;
  const letters = useMemo(() => data?.pages.flatMap((page) => page.dead_letters) ?? [], [data]);
  const groups = useMemo(
    () => (counts === undefined ? null : groupByKind(counts, letters)),
    [counts, letters],
  );
  const total = totalOf(groups ?? []);
  return (
    <div className="stack">
      <div className="row spread">
        <div>
          <h1>Dead letters</h1>
          {total.count > 0 && (
            <p className="muted">
              {idsText(total)} failed; the newest {formatCount(letters.length)} are loaded.
            </p>
          )}
        </div>
        {total.count > 0 && (
          <Confirm
            title={`Redrive all ${idsText(total)}?`}
            text="Every dead letter of every lane goes back into the queue at its own priority, and its attempts start again at 1. Dead letters of cancelled lists stay."
            action={`Redrive all ${idsText(total)}`}
            onConfirm={() => {
              redrive([{ all: 'true' }]);
            }}
          >
            <button type="button" className="button">
              Redrive all {idsText(total)}
            </button>
          </Confirm>
        )}
      </div>
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {counted.error !== null && error === null && (
        <ErrorMessage error={counted.error} onRetry={() => void counted.refetch()} />
      )}
      {(groups === null || groups.length === 0) && (
        <section className="panel">
          {groups === null ? <Loading /> : <p className="muted">No dead letters.</p>}
        </section>
      )}
      {groups?.map((group) => (
        <GroupPanel key={group.kind} group={group} redrive={redrive} />
      ))}
      {hasNextPage && (
        <button type="button" className="button" onClick={() => void fetchNextPage()}>
          Load more
        </button>
      )}
    </div>
  );
}
