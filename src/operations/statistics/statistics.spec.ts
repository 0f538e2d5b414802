import { describe, expect, it } from '@jest/globals';
import type { QueueStore, QueueSurvey } from '../queue-admin/queue-admin.repository.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { HistoryRecorder } from './statistics-recorder.js';
import { HistoryService } from './statistics.service.js';
import type { HistoryStore, Minute } from './statistics.repository.js';
import { schedulerOptions } from '../../../test/support/options.js';

const MINUTE = 60_000;
const ENDED = { lane: 'default', ids: 3, completed: 1, retried: 1, failed: 1, callMs: 100 };

class Kept implements HistoryStore {
  readonly minutes: Minute[] = [];

  async add(_lane: string, minute: Minute): Promise<void> {
    this.minutes.push(minute);
  }

  async read(_lane: string | null, sinceMs: number): Promise<Minute[]> {
    return this.minutes.filter(({ atMs }) => atMs >= sinceMs);
  }
}

function setUp({ low = 0 }: { low?: number } = {}) {
  const store = new Kept();
  const news = new DispatchEvents();
  const clock = { nowMs: 100 * MINUTE, wallMs: () => clock.nowMs, monotonicMs: () => clock.nowMs };
  const survey = { waiting: { HIGH: 0, MEDIUM: 0, LOW: low }, retriesWaiting: 0 } as QueueSurvey;
  const queue = { survey: async () => survey } as unknown as QueueStore;
  const recorder = new HistoryRecorder(store, queue, schedulerOptions(), news, clock);
  recorder.onModuleInit();
  return { store, news, clock, recorder, service: new HistoryService(store, clock, schedulerOptions()) };
}

describe('The history', () => {
  it('is written once a minute, with what ended in it', async () => {
    const { store, news, clock, recorder } = setUp();
    news.emitSettled(ENDED);
    news.emitSettled({ ...ENDED, callMs: 300 });
    await recorder.look();
    expect(store.minutes).toEqual([]);
    clock.nowMs += MINUTE;
    await recorder.look();
    await recorder.look();

    expect(store.minutes).toMatchObject([
      { atMs: 100 * MINUTE, dispatches: 2, ids: 6, completed: 2, callsMs: 400, slowestMs: 300 },
    ]);
  });

  it('has no rows of a gate that has nothing to do, but of one where something waits', async () => {
    const idle = setUp();
    idle.clock.nowMs += MINUTE;
    await idle.recorder.look();
    expect(idle.store.minutes).toEqual([]);
    const paused = setUp({ low: 5 });
    paused.clock.nowMs += MINUTE;
    await paused.recorder.look();
    expect(paused.store.minutes).toMatchObject([{ dispatches: 0, waiting: { low: 5 } }]);
  });

  it('keeps what ended until the stop', async () => {
    const { store, news, recorder } = setUp();
    news.emitSettled(ENDED);
    await recorder.beforeApplicationShutdown();

    expect(store.minutes).toMatchObject([{ dispatches: 1 }]);
  });

  it('is drawn with a point for each step, minutes added up', async () => {
    const { store, news, clock, recorder, service } = setUp();
    for (let i = 0; i < 2; i++) {
      news.emitSettled(ENDED);
      clock.nowMs += MINUTE;
      await recorder.look();
    }
    const hour = await service.read('hour', null);
    const day = await service.read('day', null);

    expect(store.minutes).toHaveLength(2);
    expect([hour.stepMs, hour.points.length]).toEqual([MINUTE, 60]);
    expect(hour.points.slice(-3).map(({ dispatches }) => dispatches)).toEqual([1, 1, 0]);
    expect([day.stepMs, day.points.length]).toEqual([10 * MINUTE, 144]);
    expect(day.points.at(-1)).toMatchObject({ atMs: 100 * MINUTE, dispatches: 2, slowestMs: 100 });
  });
});
