import type { MessageEvent } from '@nestjs/common';
import { toLiveDispatch, toLiveQueue } from './dto/live.mapper.js';
import type { LaneSnapshot } from './lane-snapshot.js';

/** Fields that change with time although nothing has happened. */
const COUNTDOWN_FIELDS = new Set([
  'next_slot_in_seconds',
  'empty_in_seconds',
  'held_for_seconds',
  'probe_in_seconds',
  'state_ends_in_seconds',
]);

/** Builds the events for one watcher: the changes from one snapshot to the next. */
export class LiveEventBuilder {
  /** The end of each dispatch of the last snapshot, by dispatch id. */
  private lastSent = new Map<string, string | null>();
  private lastQueue = '';

  constructor(private readonly nowMs: () => number) {}

  next(snapshot: LaneSnapshot): MessageEvent[] {
    const news = snapshot.dispatches.filter(
      ({ dispatchId, ending }) => !this.lastSent.has(dispatchId) || this.lastSent.get(dispatchId) !== ending,
    );
    this.lastSent = new Map(snapshot.dispatches.map(({ dispatchId, ending }) => [dispatchId, ending]));
    const queue = toLiveQueue(snapshot);
    const state = JSON.stringify(queue, (key, value: unknown) =>
      COUNTDOWN_FIELDS.has(key) ? undefined : value,
    );
    const isNews = news.length > 0 || state !== this.lastQueue;
    this.lastQueue = state;
    return [
      ...news.toReversed().map((dispatch) => event('dispatch', toLiveDispatch(dispatch))),
      ...(isNews ? [event('queue', { now: new Date(this.nowMs()).toISOString(), ...queue })] : []),
    ];
  }
}

function event(type: string, data: object): MessageEvent {
  return { type, data: JSON.stringify(data) };
}
