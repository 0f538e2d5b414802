import type { QueueResponse, QueuesResponse } from '../client/index.js';

/** The gate, for people; where there are lanes, that of each. */
export function describeQueues({ lanes, ...ofDefault }: QueuesResponse): string {
  const named = Object.entries(lanes);
  return named.length === 1
    ? describeQueue(ofDefault)
    : named.map(([lane, queue]) => `lane        ${lane}\n${describeQueue(queue)}`).join('\n\n');
}

function describeQueue(queue: QueueResponse): string {
  const { waiting, pace } = queue;
  const state = queue.paused ? `paused since ${String(queue.paused_at)}` : 'open';
  const next = queue.next_slot_in_seconds;
  const empty = queue.empty_in_seconds;
  return [
    `gate        ${state}`,
    `pace        ${String(pace.batch_size)} ids every ${String(pace.batch_delay_seconds)} s${usedOf(pace)}`,
    `waiting     ${String(waiting.total)} ids (${String(waiting.high)} HIGH, ${String(waiting.medium)} MEDIUM, ${String(waiting.low)} LOW)`,
    `retries     ${String(queue.retries_waiting)} ids, ${String(queue.retries_due)} of them due`,
    `in flight   ${String(queue.in_flight)} ids`,
    ...(next === null ? [] : [`next slot   in ${String(next)} s`]),
    ...(empty === null ? [] : [`empty       in ${String(empty)} s`]),
  ].join('\n');
}

function usedOf({ used_percent: used }: QueueResponse['pace']): string {
  return used === null ? '' : `, ${String(used)} % of the slots used lately`;
}
