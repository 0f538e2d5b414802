import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { retriesQuery } from '../../api/queries.js';
import type { Ingestion, Retry } from '../../api/types.js';
import { PageLink } from '../../lanes/page-link.js';
import { Age } from '../../ui/age.js';
import { IdChip } from '../../ui/badges.js';
import { formatCount, Time } from '../../ui/format.js';
import './waiting-reason.css';

const MAX_SHOWN_RETRIES = 8;
/** The service rounds times up to seconds, and names the present for a retry that is due. */
const DUE_WITHIN_MS = 1000;

/** Says why ids of a list were not sent yet: its time, its lane, the ids ahead of it, and its pending retries. */
export function WaitingReason({ ingestion }: { readonly ingestion: Ingestion }): ReactElement | null {
  const { progress, ingestion_id: id } = ingestion;
  const { data } = useQuery({
    ...retriesQuery(id, MAX_SHOWN_RETRIES, ingestion.last_updated_at),
    enabled: progress.in_flight > 0,
  });
  const retries = progress.in_flight > 0 ? (data?.retries ?? []) : [];
  const reasons = reasonsOf(ingestion);
  if (reasons.length === 0 && retries.length === 0) {
    return null;
  }
  return (
    <section className="panel waiting-reason" aria-label="Why it waits">
      <h2>Why it waits</h2>
      <ul>
        {reasons.map((reason, i) => (
          <li key={i}>{reason}</li>
        ))}
      </ul>
      {retries.length > 0 && (
        <>
          <p>
            {progress.in_flight > MAX_SHOWN_RETRIES
              ? 'These ids are sent again next:'
              : 'These ids are sent again:'}
          </p>
          <ul className="retries">
            {retries.map((retry) => (
              <RetryLine
                key={retry.position}
                retry={retry}
                maxAttempts={data?.max_attempts ?? 1}
                ingestion={ingestion}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function reasonsOf(ingestion: Ingestion): ReactElement[] {
  const { progress, held_by: heldBy, not_before: notBefore, ids_ahead: ahead, lane } = ingestion;
  const reasons: ReactElement[] = [];
  const isScheduled = notBefore !== undefined && Date.parse(notBefore) > Date.now();
  if (isScheduled) {
    reasons.push(
      <>
        It was submitted for later: it enters the queue <Age value={notBefore} /> (<Time value={notBefore} />
        ).
      </>,
    );
  }
  if (heldBy !== null && heldBy.kind !== 'nothing_pending') {
    reasons.push(
      <>
        <PageLink to="/">Lane {lane}</PageLink> {heldBy.kind === 'pace' ? 'is sending' : 'sends nothing now'}:{' '}
        {heldBy.text}
        {heldBy.kind === 'pace' && heldBy.until !== null && ', the next dispatch'}
        {heldBy.since !== null && (
          <>
            , since <Time value={heldBy.since} />
          </>
        )}
        {heldBy.until !== null && (
          <>
            {heldBy.kind === 'pace' ? ' at ' : ', until '}
            <Time value={heldBy.until} />
          </>
        )}
        .
      </>,
    );
  }
  if (progress.yet_to_start > 0 && ahead > 0) {
    reasons.push(
      <>
        {formatCount(ahead)} {ahead === 1 ? 'id goes' : 'ids go'} before its next one
        {isScheduled && ', if it were due now'}.
      </>,
    );
  }
  return reasons;
}

function RetryLine({
  retry,
  maxAttempts,
  ingestion,
}: {
  readonly retry: Retry;
  readonly maxAttempts: number;
  readonly ingestion: Ingestion;
}): ReactElement {
  const { id, next_attempt: attempt, next_attempt_at: at, last_error: error } = retry;
  return (
    <li>
      <IdChip id={id} priority={ingestion.priority} />
      <span>
        attempt {attempt} of {maxAttempts}{' '}
        {Date.parse(at) - Date.now() > DUE_WITHIN_MS ? <Age value={at} /> : 'is due'}
      </span>
      {error !== null && (
        <span className="muted">
          last error: {error.kind}, {error.message}
        </span>
      )}
    </li>
  );
}
