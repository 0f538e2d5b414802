import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState, type ReactElement } from 'react';
import { useHasScope } from '../../api/access.js';
import { deadLetterCountsQuery, filteredDeadLettersQuery } from '../../api/queries.js';
import type { DeadLetter, DeadLetterQuery } from '../../api/types.js';
import { useChosenLane } from '../../lanes/lane.js';
import { RequireScope } from '../../shell/require-scope.js';
import { BulkActionDialog, type BulkActionRequest } from '../../ui/bulk-action.js';
import { Confirm, NeedsScope } from '../../ui/confirm.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { ExportButtons } from '../../ui/export-buttons.js';
import { formatCount } from '../../ui/format.js';
import { Loading } from '../../ui/loading.js';
import { toParameters } from '../ingestions/ingestion-filter.js';
import { parseDeadLetterSearch, toDeadLetterQuery, toRedriveTarget } from './dead-letter-filter.js';
import { DeadLetterFilters } from './dead-letter-filters.js';
import { DeadLetterGroups } from './dead-letter-groups.js';
import { DeadLettersTable, toKey } from './dead-letters-table.js';
import { useRedrive, type RedriveTarget } from './use-redrive.js';
import './dead-letters.css';

const LIVE_MS = 5000;

/** Shows the ids that failed: their numbers by error, and each of them. */
export function DeadLettersPage(): ReactElement {
  return (
    <RequireScope scope="observe" title="Dead letters">
      <DeadLetters />
    </RequireScope>
  );
}

function DeadLetters(): ReactElement {
  const lane = useChosenLane();
  const navigate = useNavigate({ from: '/dead-letters' });
  const search = parseDeadLetterSearch(useSearch({ from: '/dead-letters' }));
  const key = JSON.stringify([search, lane]);
  // by its text: a new object of the same search is the same query
  const query = useMemo(() => {
    const [filter, of] = JSON.parse(key) as [typeof search, string | null];
    return toDeadLetterQuery(filter, of, Date.now());
  }, [key]);
  const counted = useQuery(deadLetterCountsQuery(query));
  const counts = counted.data;
  return (
    <div className="stack">
      <h1>Dead letters</h1>
      <DeadLetterFilters search={search} kinds={Object.keys(counts?.kinds ?? {})} />
      {counted.error !== null && (
        <ErrorMessage error={counted.error} onRetry={() => void counted.refetch()} />
      )}
      <section className="panel stack" aria-label="Errors">
        <div className="row spread">
          <p role="status">
            {counts !== undefined &&
              counts.total_ids > 0 &&
              `${idsText(counts.total_ids)} of ${formatCount(counts.total_ingestions)} ${
                counts.total_ingestions === 1 ? 'ingestion' : 'ingestions'
              } failed.`}
          </p>
          <div className="row">
            <ExportButtons path={`dead-letters?${toParameters(toTexts(query))}`} fileName="dead-letters" />
            {counts !== undefined && counts.total_ids > 0 && (
              <ActOnAll query={query} total={counts.total_ids} />
            )}
          </div>
        </div>
        {counts === undefined ? (
          counted.error === null && <Loading />
        ) : counts.total_ids === 0 ? (
          <p className="muted">
            {Object.keys(query).length === 0 ? 'No dead letters.' : 'No dead letter matches this filter.'}
          </p>
        ) : (
          <DeadLetterGroups
            groups={counts.groups}
            onChoose={(group) => {
              void navigate({
                search: {
                  ...search,
                  lane: group.lane,
                  kind: group.kind,
                  ...(group.message !== null && { message: group.message }),
                  ...(group.upstream_status !== null && { status: String(group.upstream_status) }),
                },
              });
            }}
          />
        )}
      </section>
      {counts !== undefined && counts.total_ids > 0 && <Letters query={query} total={counts.total_ids} />}
    </div>
  );
}

/** Redrives or discards all that the filter matches; the number is said first. */
function ActOnAll({
  query,
  total,
}: {
  readonly query: DeadLetterQuery;
  readonly total: number;
}): ReactElement {
  const [request, setRequest] = useState<BulkActionRequest | null>(null);
  const target = toRedriveTarget(query);
  return (
    <>
      {target === null ? (
        <NeedsScope needs="admin">
          <button
            type="button"
            className="button small"
            onClick={() => {
              setRequest({ action: 'redrive', filter: query });
            }}
          >
            Redrive {idsText(total)} …
          </button>
        </NeedsScope>
      ) : (
        <RedriveAll target={target} total={total} />
      )}
      <NeedsScope needs="admin">
        <button
          type="button"
          className="button small danger"
          onClick={() => {
            setRequest({ action: 'discard', filter: query });
          }}
        >
          Discard {idsText(total)} …
        </button>
      </NeedsScope>
      {request !== null && (
        <BulkActionDialog
          request={request}
          onClose={() => {
            setRequest(null);
          }}
        />
      )}
    </>
  );
}

/** Redrives all that match in one request. */
function RedriveAll({
  target,
  total,
}: {
  readonly target: RedriveTarget;
  readonly total: number;
}): ReactElement {
  const redrive = useRedrive();
  const what = 'all' in target ? `all ${idsText(total)}` : idsText(total);
  return (
    <Confirm
      needs={'ingestion_id' in target ? 'submit' : 'admin'}
      title={`Redrive ${what}?`}
      text={
        'all' in target
          ? 'Every dead letter of every lane goes back into the queue at its own priority, and its attempts start again at 1. Dead letters of cancelled lists stay.'
          : 'Every dead letter that matches the filter goes back into the queue, shown here or not, and its attempts start again at 1. Dead letters of cancelled lists stay.'
      }
      action={`Redrive ${what}`}
      onConfirm={() => {
        redrive([target]);
      }}
    >
      <button type="button" className="button small">
        Redrive {what}
      </button>
    </Confirm>
  );
}

function Letters({
  query,
  total,
}: {
  readonly query: DeadLetterQuery;
  readonly total: number;
}): ReactElement {
  const redrive = useRedrive();
  const maySubmit = useHasScope('submit');
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    ...filteredDeadLettersQuery(query),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 1 ? LIVE_MS : false),
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const letters = data?.pages.flatMap((page) => page.dead_letters) ?? [];
  const wanted = letters.filter((letter) => chosen.has(toKey(letter)));
  const choose = (some: readonly DeadLetter[], isChosen: boolean): void => {
    setChosen((kept) => {
      const keys = new Set(some.map(toKey));
      return isChosen ? kept.union(keys) : kept.difference(keys);
    });
  };
  return (
    <section className="panel stack" aria-label="Failed ids">
      <div className="row spread">
        <h2>Failed ids</h2>
        {maySubmit && (
          <button
            type="button"
            className="button small primary"
            disabled={wanted.length === 0}
            onClick={() => {
              redrive(wanted.map(({ ingestion_id, position }) => ({ ingestion_id, position })));
              setChosen(new Set());
            }}
          >
            Redrive {formatCount(wanted.length)} chosen
          </button>
        )}
      </div>
      {error !== null && <ErrorMessage error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {letters.length > 0 && (
        <DeadLettersTable label="Table of failed ids" letters={letters} chosen={chosen} choose={choose} />
      )}
      {hasNextPage && (
        <p className="row muted">
          <button type="button" className="button" disabled={isFetching} onClick={() => void fetchNextPage()}>
            Load more
          </button>
          {formatCount(letters.length)} of {formatCount(total)} loaded
        </p>
      )}
    </section>
  );
}

function idsText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'id' : 'ids'}`;
}

function toTexts(query: DeadLetterQuery): object {
  const { upstream_status: status, ...others } = query;
  return { ...others, ...(status !== undefined && { upstream_status: String(status) }) };
}
