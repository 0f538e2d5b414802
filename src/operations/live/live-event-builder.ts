import type { MessageEvent } from '@nestjs/common';
import { toLiveDispatch, toLiveQueue } from './dto/live.mapper.js';
import type { LaneSnapshot } from './lane-snapshot.js';

/** These change without anything having happened. */
const COUNTDOWN_FIELDS = new Set([
  'next_slot_in_seconds',
  'empty_in_seconds',
  'held_for_seconds',
  'probe_in_seconds',
  'state_ends_in_seconds',
]);

/** The events for one watcher: what has changed from one look to the next. */
export class LiveEventBuilder {
  /** How the dispatches of the last look stood. */
  private lastSent = new Map<string, string | null>();
  private lastQueue = '';

  constructor(private readonly nowMs: () => number) {}

  next(look: LaneSnapshot): MessageEvent[] {
    const news = look.dispatches.filter(
      ({ dispatchId, ending }) => !this.lastSent.has(dispatchId) || this.lastSent.get(dispatchId) !== ending,
    );
    this.lastSent = new Map(look.dispatches.map(({ dispatchId, ending }) => [dispatchId, ending]));
    const queue = toLiveQueue(look);
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
