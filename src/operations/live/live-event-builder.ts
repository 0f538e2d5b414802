import type { MessageEvent } from '@nestjs/common';
import { toGateDispatch, toGateQueue } from './dto/live.mapper.js';
import type { GateLook } from './lane-snapshot.js';

/** These change without anything having happened. */
const RUNNING_OUT = new Set([
  'next_slot_in_seconds',
  'empty_in_seconds',
  'held_for_seconds',
  'probe_in_seconds',
  'state_ends_in_seconds',
]);

/** The events for one watcher: what has changed from one look to the next. */
export class GateEvents {
  /** How the dispatches of the last look stood. */
  private told = new Map<string, string | null>();
  private lastQueue = '';

  constructor(private readonly nowMs: () => number) {}

  next(look: GateLook): MessageEvent[] {
    const news = look.dispatches.filter(
      ({ dispatchId, ending }) => !this.told.has(dispatchId) || this.told.get(dispatchId) !== ending,
    );
    this.told = new Map(look.dispatches.map(({ dispatchId, ending }) => [dispatchId, ending]));
    const queue = toGateQueue(look);
    const state = JSON.stringify(queue, (key, value: unknown) => (RUNNING_OUT.has(key) ? undefined : value));
    const isNews = news.length > 0 || state !== this.lastQueue;
    this.lastQueue = state;
    return [
      ...news.toReversed().map((dispatch) => event('dispatch', toGateDispatch(dispatch))),
      ...(isNews ? [event('queue', { now: new Date(this.nowMs()).toISOString(), ...queue })] : []),
    ];
  }
}

function event(type: string, data: object): MessageEvent {
  return { type, data: JSON.stringify(data) };
}
