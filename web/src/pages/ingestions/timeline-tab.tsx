import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactElement, type ReactNode } from 'react';
import { dispatchesOfQuery } from '../../api/queries.js';
import type { Ingestion, IngestionDispatch } from '../../api/types.js';
import { CopyButton } from '../../ui/copy-button.js';
import { ErrorMessage } from '../../ui/error-message.js';
import { formatCount, formatDuration, Time } from '../../ui/format.js';
import { Loading } from '../../ui/loading.js';
import { isTerminal } from './is-terminal.js';
import { groupErrors, toOutcomeWords } from './timeline-entries.js';
import './timeline-tab.css';

const MAX_SHOWN_IDS = 12;

/** Shows what happened to a list, by the times of the service: its dispatches, their durations and outcomes. */
export function TimelineTab({ ingestion }: { readonly ingestion: Ingestion }): ReactElement {
  const { ingestion_id: id, last_updated_at: changedAt, created_at: acceptedAt } = ingestion;
  /** The state that is shown while somebody reads older entries; null follows the newest. */
  const [frozenAt, setFrozenAt] = useState<string | null>(null);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    dispatchesOfQuery(id, frozenAt ?? changedAt),
  );
  if (data === undefined) {
    return error === null ? <Loading /> : <ErrorMessage error={error} />;
  }
  const dispatches = data.pages.flatMap((page) => page.dispatches);
  const longestMs = Math.max(1, ...dispatches.map(({ duration_ms: ms }) => ms ?? 0));
  return (
    <>
      {error !== null && <ErrorMessage error={error} />}
      {frozenAt !== null && frozenAt !== changedAt && (
        <p className="row muted">
          The list went on.
          <button
            type="button"
            className="button small"
            onClick={() => {
              setFrozenAt(null);
            }}
          >
            Show the newest
          </button>
        </p>
      )}
      <ol className="history" aria-label="Timeline, the newest first">
        {isTerminal(ingestion) && (
          <Entry at={changedAt} acceptedAt={acceptedAt} mark={ingestion.status}>
            <strong>
              {ingestion.cancel_reason === 'expired' ? 'Expired' : `Ended: ${ingestion.status}`}
            </strong>
          </Entry>
        )}
        {dispatches.map((dispatch) => (
          <DispatchEntry
            key={dispatch.dispatch_id}
            dispatch={dispatch}
            acceptedAt={acceptedAt}
            longestMs={longestMs}
          />
        ))}
        {!hasNextPage && (
          <Entry at={acceptedAt} acceptedAt={acceptedAt} mark="accepted">
            <strong>Accepted</strong>
            <span className="muted">
              {formatCount(ingestion.progress.total)} {ingestion.progress.total === 1 ? 'id' : 'ids'},
              priority now {ingestion.priority}
            </span>
          </Entry>
        )}
      </ol>
      {hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={isFetchingNextPage}
          onClick={() => {
            setFrozenAt(frozenAt ?? changedAt);
            void fetchNextPage();
          }}
        >
          Load older ones
        </button>
      )}
    </>
  );
}

function DispatchEntry({
  dispatch,
  acceptedAt,
  longestMs,
}: {
  readonly dispatch: IngestionDispatch;
  readonly acceptedAt: string;
  readonly longestMs: number;
}): ReactElement {
  const { duration_ms: ms, parts, started_at: at } = dispatch;
  const { words, mark } = toOutcomeWords(dispatch);
  const ids = parts.flatMap((part) => part.ids);
  const attempts = [...new Set(parts.map(({ attempt }) => attempt))].sort((a, b) => a - b);
  return (
    <Entry at={at} acceptedAt={acceptedAt} mark={mark}>
      <div className="row">
        <strong>
          {formatCount(ids.length)} {ids.length === 1 ? 'id' : 'ids'} sent
        </strong>
        <span className="muted">attempt {attempts.join(', ')}</span>
        <span className="outcome" data-mark={mark}>
          {words}
        </span>
        <span className="took">
          <span className="took-track" aria-hidden="true">
            <span style={{ width: `${String(((ms ?? longestMs) / longestMs) * 100)}%` }} />
          </span>
          <span className="mono">
            {ms === null ? 'running' : ms < 1000 ? `${String(ms)} ms` : formatDuration(ms / 1000)}
          </span>
        </span>
        <CopyButton text={dispatch.dispatch_id} what="The dispatch id" />
      </div>
      <p className="mono history-ids">
        {ids.slice(0, MAX_SHOWN_IDS).join(', ')}
        {ids.length > MAX_SHOWN_IDS && ` and ${formatCount(ids.length - MAX_SHOWN_IDS)} more`}
      </p>
      {groupErrors(parts).map(({ kind, message, ids: own }) => (
        <p key={`${kind} ${message}`} className="history-error">
          <strong>{kind}</strong> {message}{' '}
          <span className="muted mono">
            {own.slice(0, MAX_SHOWN_IDS).join(', ')}
            {own.length > MAX_SHOWN_IDS && ` and ${formatCount(own.length - MAX_SHOWN_IDS)} more`}
          </span>
        </p>
      ))}
    </Entry>
  );
}

function Entry({
  at,
  acceptedAt,
  mark,
  children,
}: {
  readonly at: string;
  readonly acceptedAt: string;
  readonly mark: string;
  readonly children: ReactNode;
}): ReactElement {
  const afterS = (Date.parse(at) - Date.parse(acceptedAt)) / 1000;
  return (
    <li data-mark={mark}>
      <span className="history-time">
        <Time value={at} />
        {afterS > 0 && <span className="muted">+{formatDuration(afterS)}</span>}
      </span>
      <div className="history-what">{children}</div>
    </li>
  );
}
