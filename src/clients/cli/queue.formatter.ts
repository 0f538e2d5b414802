import { escapeLine } from '../../domain/printable-text.js';
import type { QueueResponse, QueuesResponse } from '../typescript/index.js';
import { joinTexts, type Styled, type Text } from './output.js';
import { styleLaneState } from './styles.js';
import { formatDuration, formatMoment } from './time-words.js';

/** Formats the queue for people; with several lanes, each of them. `pausedBy` is who paused a lane, by its name. */
export function formatQueues(
  { lanes }: QueuesResponse,
  pausedBy: ReadonlyMap<string, string> = new Map(),
): Text {
  const named = Object.entries(lanes);
  return joinTexts(
    named.map(([lane, queue]) => {
      const text = formatQueue(queue, pausedBy.get(lane));
      return named.length === 1
        ? text
        : joinTexts([['lane        ', { text: lane, style: 'bold' }], text], '\n');
    }),
    '\n\n',
  );
}

function formatQueue(queue: QueueResponse, pausedBy: string | undefined): Text {
  const { waiting, pace } = queue;
  const next = queue.next_slot_in_seconds;
  const empty = queue.empty_in_seconds;
  const unwellSince = (queue as Partial<QueueResponse>).unwell_since ?? null;
  return joinTexts(
    [
      ['gate        ', ...describeState(queue), pausedBy === undefined ? '' : ` by ${escapeLine(pausedBy)}`],
      ...(unwellSince === null
        ? []
        : [['unwell      ', { text: `since ${formatMoment(unwellSince)}`, style: 'red' as const }]]),
      `pace        ${formatPace(pace)}`,
      `pending     ${String(waiting.total)} ids (${String(waiting.high)} HIGH, ${String(waiting.medium)} MEDIUM, ${String(waiting.low)} LOW)`,
      ...(queue.scheduled > 0 ? [`scheduled   ${String(queue.scheduled)} ids`] : []),
      `retries     ${String(queue.retries_waiting)} ids, ${String(queue.retries_due)} of them due`,
      `in flight   ${String(queue.in_flight)} ids`,
      ...(next === null ? [] : [`next slot   in ${formatDuration(next)}`]),
      ...(empty === null ? [] : [`empty       in ${formatDuration(empty)}`]),
    ],
    '\n',
  );
}

/** Formats the state; services of older releases have no `state`. */
function describeState(queue: QueueResponse): (string | Styled)[] {
  const { state } = queue as Partial<QueueResponse>;
  const [name, details] = describeCause(queue);
  return [styleLaneState(name, state ?? 'open'), details];
}

/** Returns the state in a word or two, and the rest of the sentence. */
function describeCause(queue: Partial<QueueResponse>): [name: string, details: string] {
  const ends = queue.state_ends_in_seconds ?? null;
  const rest = ends === null ? '' : `, for ${formatDuration(ends)} more`;
  if (queue.paused === true) {
    return ['paused', ` since ${formatMoment(String(queue.paused_at))}`];
  }
  switch (queue.state) {
    case 'held':
      return ['held', `: the upstream asked to wait${rest}`];
    case 'breaker_open':
      return [
        'closed',
        `: the upstream fails, breaker open since ${formatMoment(String(queue.state_since))}${rest}`,
      ];
    case 'breaker_probing':
      return ['closed', ': the upstream fails, breaker open, one dispatch probes it'];
    case 'at_capacity':
      return ['open', ', at capacity: the maximum number of calls is in flight'];
    case 'quiet_hours':
      return [
        'closed',
        `: ${queue.held_by?.text ?? 'the lane has its quiet hours'}${rest || formatUntil(queue)}`,
      ];
    case 'limited':
      return ['closed', `: ${queue.held_by?.text ?? 'a limit is used up'}${rest}`];
    case 'filling':
      return ['open', `: ${queue.held_by?.text ?? 'a dispatch waits for more ids'}${rest}`];
    case 'waiting_for_retry':
      return ['open', `: all pending ids are retries that are not due yet${formatUntil(queue)}`];
    case 'idle':
      return ['open', ', nothing is pending'];
    default:
      return ['open', ''];
  }
}

function formatUntil({ held_by: heldBy }: Partial<QueueResponse>): string {
  const until = heldBy?.until ?? null;
  return until === null ? '' : `, until ${formatMoment(until)}`;
}

/** Services of older releases have no `limits`. */
function formatPace(pace: QueueResponse['pace']): string {
  const limits = (pace as Partial<QueueResponse['pace']>).limits ?? [];
  return limits.length > 0
    ? `${limits.join(', ')}; ${String(pace.batch_size)} ids at once`
    : `${String(pace.batch_size)} ids every ${String(pace.batch_delay_seconds)} s${formatUtilization(pace)}`;
}

function formatUtilization({ used_percent: used }: QueueResponse['pace']): string {
  return used === null ? '' : `, ${String(used)} % of the slots used lately`;
}
