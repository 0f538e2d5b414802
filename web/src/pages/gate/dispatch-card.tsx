import { memo, type ReactElement } from 'react';
import type { Dispatch } from '../../api/types.js';
import { IdChip, IngestionTag } from '../../ui/badges.js';
import { Time, formatCount, formatDuration } from '../../ui/format.js';
import { fitParts, type Part } from './fit-parts.js';
import type { IdleReason, PlannedDispatch, TimelineItem } from './timeline-layout.js';
import './dispatch-card.css';
import './gap.css';

/** Shows the ids of a dispatch under the marks of their lists. */
function Parts({ parts }: { readonly parts: readonly Part[] }): ReactElement {
  const { shown, hidden } = fitParts(parts);
  return (
    <div className="parts">
      {shown.map(({ ingestion_id: ingestionId, priority, retry, ids }, place) => (
        <div key={`${ingestionId}-${String(place)}`} className="part">
          <div className="part-head">
            <IngestionTag id={ingestionId} />
            {retry && (
              <span className="retry" title="A retry: the id was sent before">
                again
              </span>
            )}
          </div>
          {ids.map((id, i) => (
            <IdChip key={`${String(i)}-${String(id)}`} id={id} priority={priority} />
          ))}
        </div>
      ))}
      {hidden > 0 && <p className="more">+ {formatCount(hidden)} more</p>}
    </div>
  );
}

/** Shows one dispatch that was sent or is in flight. */
export const DispatchCard = memo(function DispatchCard({
  dispatch,
}: {
  readonly dispatch: Dispatch;
}): ReactElement {
  const { outcome, duration_ms: durationMs, unsuccessful, parts } = dispatch;
  const state = outcome === 'settled' && unsuccessful > 0 ? 'unsuccessful' : outcome;
  return (
    <article className="card" data-state={state}>
      <header>
        <Time value={dispatch.started_at} />
      </header>
      <Parts parts={parts} />
      <footer>
        {state === 'in_flight' && <span className="under-way">in flight</span>}
        {state === 'settled' && <span className="good">✓ {formatDuration((durationMs ?? 0) / 1000)}</span>}
        {state === 'unsuccessful' && (
          <span className="bad">✕ {formatCount(unsuccessful)} did not succeed</span>
        )}
        {(state === 'lapsed' || state === 'released') && <span className="warn">released</span>}
      </footer>
    </article>
  );
});

interface PlannedCardProps {
  readonly planned: PlannedDispatch;
  readonly time: string | null;
}

/**
 * Shows one planned dispatch. The queue is received again with every dispatch; an unchanged card is not rendered
 * again.
 */
export const PlannedCard = memo(
  PlannedCardNow,
  (before, after) => before.planned.key === after.planned.key && before.time === after.time,
);

function PlannedCardNow({ planned, time }: PlannedCardProps): ReactElement {
  return (
    <article className="card" data-state="planned">
      <header>{time === null ? <span>next</span> : <Time value={time} />}</header>
      <Parts parts={planned.runs.map((run) => ({ ...run, size: run.ids.length }))} />
      <footer>
        <span>planned</span>
      </footer>
    </article>
  );
}

const WHY: Readonly<Record<IdleReason, readonly [name: string, meaning: string]>> = {
  idle: ['idle', 'No ids were pending'],
  missed: ['missed', 'Ids were pending, but nothing was sent'],
  paused: ['paused', 'An operator had paused the lane'],
  held: ['held', 'The upstream asked to wait (Retry-After)'],
  limited: ['limit', 'A limit of the lane was used up'],
  quiet_hours: ['quiet hours', 'The lane had its quiet hours'],
  filling: ['filling', 'A short dispatch waited for more ids'],
  breaker_open: ['breaker open', 'The upstream failed: the circuit breaker was open'],
  waiting_for_retry: ['retries', 'Only retries that were not due yet were pending'],
  at_capacity: ['at capacity', 'The maximum number of calls was in flight'],
  unknown: [
    'nothing sent',
    'Ids were pending; the reason is not known: this page was not open or not connected',
  ],
};

/** Shows slots in which nothing was sent. */
export function Gap({ gap }: { readonly gap: Extract<TimelineItem, { kind: 'gap' }> }): ReactElement {
  const [name, meaning] = WHY[gap.why];
  return (
    <div className="gap" data-why={gap.why} title={meaning}>
      <strong>{name}</strong>
      <span>
        {formatCount(gap.slots)} {gap.slots === 1 ? 'slot' : 'slots'}
      </span>
      <span>{formatDuration(gap.seconds)}</span>
    </div>
  );
}
