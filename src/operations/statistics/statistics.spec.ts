import { describe, expect, it } from '@jest/globals';
import type { QueueAdminRepository, QueueStats } from '../queue-admin/queue-admin.repository.js';
import { DispatchEvents } from '../../scheduler/dispatch/dispatch-events.js';
import { StatisticsRecorder } from './statistics-recorder.js';
import { StatisticsService } from './statistics.service.js';
import type { StatisticsPeriod, StatisticsRepository, MinuteStatistics } from './statistics.repository.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { schedulerOptions } from '../../../test/support/options.js';

const MINUTE = 60_000;
const ENDED = { lane: 'default', ids: 3, completed: 1, retried: 1, failed: 1, callMs: 100 };

class Kept implements StatisticsRepository {
  readonly minutes: MinuteStatistics[] = [];
  /** The periods that were read. */
  readonly periods: StatisticsPeriod[] = [];

  async add(_lane: string, minuteStatistics: MinuteStatistics): Promise<void> {
    this.minutes.push(minuteStatistics);
  }

  async read(_lane: string | null, sinceMs: number, period: StatisticsPeriod): Promise<MinuteStatistics[]> {
    this.periods.push(period);
    return this.minutes.filter(({ atMs }) => atMs >= sinceMs);
  }
}

function setUp({ low = 0 }: { low?: number } = {}) {
  const store = new Kept();
  const news = new DispatchEvents();
  const clock = new ManualClock(100 * MINUTE);
  const survey = { pending: { HIGH: 0, MEDIUM: 0, LOW: low }, pendingRetries: 0 } as QueueStats;
  const queue = { stats: async () => survey } as unknown as QueueAdminRepository;
  const recorder = new StatisticsRecorder(store, queue, schedulerOptions(), news, clock);
  recorder.onModuleInit();
  return { store, news, clock, recorder, service: new StatisticsService(store, clock, schedulerOptions()) };
}

describe('The history', () => {
  it('is written once a minute, with what ended in it', async () => {
    const { store, news, clock, recorder } = setUp();
    news.emitSettled(ENDED);
    news.emitSettled({ ...ENDED, callMs: 300 });
    await recorder.tick();
    expect(store.minutes).toEqual([]);
    clock.advance(MINUTE);
    await recorder.tick();
    await recorder.tick();

    expect(store.minutes).toMatchObject([
      { atMs: 100 * MINUTE, dispatches: 2, ids: 6, completed: 2, callsMs: 400, slowestMs: 300 },
    ]);
  });

  it('has no rows of a gate that has nothing to do, but of one where something waits', async () => {
    const idle = setUp();
    idle.clock.advance(MINUTE);
    await idle.recorder.tick();
    expect(idle.store.minutes).toEqual([]);
    const paused = setUp({ low: 5 });
    paused.clock.advance(MINUTE);
    await paused.recorder.tick();
    expect(paused.store.minutes).toMatchObject([{ dispatches: 0, pending: { low: 5 } }]);
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
      clock.advance(MINUTE);
      await recorder.tick();
    }
    const hour = await service.read('hour', null);
    const day = await service.read('day', null);

    expect(store.minutes).toHaveLength(2);
    expect([hour.stepMs, hour.points.length]).toEqual([MINUTE, 60]);
    expect(hour.points.slice(-3).map(({ dispatches }) => dispatches)).toEqual([1, 1, 0]);
    expect([day.stepMs, day.points.length]).toEqual([10 * MINUTE, 144]);
    const week = await service.read('week', null);
    const month = await service.read('month', null);
    expect([week.stepMs, week.points.length]).toEqual([60 * MINUTE, 7 * 24]);
    expect([month.stepMs, month.points.length]).toEqual([4 * 60 * MINUTE, 30 * 6]);
    expect(month.points.at(-1)).toMatchObject({ dispatches: 2 });
    expect(store.periods).toEqual(['minute', 'minute', 'hour', 'hour']);
    expect(day.points.at(-1)).toMatchObject({ atMs: 100 * MINUTE, dispatches: 2, slowestMs: 100 });
  });
});
