import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EventLoopDelay } from '../../src/platform/lifecycle/event-loop-delay.js';
import { LaneMonitor } from '../../src/operations/queue-admin/lane-monitor.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import { Clock } from '../../src/domain/clock.js';
import { useApps, type TestApp } from '../support/app.js';
import { waitFor } from '../support/wait-for.js';

const SECONDS = 1000;

interface Line {
  readonly msg: string;
  readonly lane?: string;
  readonly since?: string;
}

describe('A lane that sends nothing though ids may go', () => {
  const start = useApps();

  /** Starts a service with a clock that can be advanced, and collects the lines of its monitor. */
  async function startStuck(): Promise<{
    readonly app: TestApp;
    readonly lines: Line[];
    readonly lookAfter: (ms: number) => Promise<void>;
    readonly repair: () => void;
  }> {
    const lines: Line[] = [];
    for (const level of ['log', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation(function (this: Logger, line: unknown) {
        if ((line as Partial<Line>).msg?.startsWith('lane ') === true) {
          lines.push(line as Line);
        }
      });
    }
    const app = await start({ BATCH_DELAY: '1' });
    // The test shares its event loop: on a busy machine its delay would make the service not ready.
    jest.spyOn(app.app.get(EventLoopDelay), 'p99Ms', 'get').mockReturnValue(0);
    const clock = app.app.get(Clock);
    const realMs = clock.monotonicMs.bind(clock);
    let aheadMs = 0;
    jest.spyOn(clock, 'monotonicMs').mockImplementation(() => realMs() + aheadMs);
    const queue = app.app.get(PriorityQueue);
    const claim = queue.claim.bind(queue);
    queue.claim = () => Promise.reject(new Error('the index is damaged'));
    return {
      app,
      lines,
      lookAfter: async (ms) => {
        aheadMs += ms;
        await app.app.get(LaneMonitor).poll();
      },
      repair: () => {
        queue.claim = claim;
      },
    };
  }

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('makes the service degraded, names the lane and the time, and is over with the next dispatch', async () => {
    const { app, lines, lookAfter, repair } = await startStuck();
    const { request } = app;
    await request
      .post('/ingest')
      .send({ ids: [1, 2], priority: 'HIGH' })
      .expect(200);
    await lookAfter(0);
    await lookAfter(9 * SECONDS);
    expect((await request.get('/health').expect(200)).body).toMatchObject({
      status: 'healthy',
      lanes: { default: { unwell_since: null } },
    });
    await lookAfter(3 * SECONDS);

    const { body: health } = await request.get('/health').expect(200);
    const since = String(health.lanes.default.unwell_since);
    expect(health).toMatchObject({ status: 'degraded' });
    expect(Date.now() - Date.parse(since)).toBeGreaterThan(9 * SECONDS);
    const { body: ready } = await request.get('/health/ready').expect(200);
    expect(ready).toMatchObject({
      status: 'degraded',
      checks: { lanes: { status: 'degraded', message: `default sends nothing since ${since}` } },
    });
    expect((await request.get('/queue').expect(200)).body).toMatchObject({
      state: 'open',
      unwell_since: since,
    });
    expect((await request.get('/metrics').expect(200)).text).toContain(
      'sluice_lane_unwell{lane="default"} 1',
    );
    await lookAfter(60 * SECONDS);
    expect(lines).toEqual([
      {
        msg: `lane default is unwell: ids may go, and no dispatch was sent though one was due at ${since}`,
        lane: 'default',
        since,
      },
    ]);

    repair();
    await waitFor('a call', () => app.api.calls.length > 0);
    const status = async (): Promise<unknown> => {
      await lookAfter(0);
      return (await request.get('/health').expect(200)).body.status;
    };
    await waitFor('the lane to be well', status, (shown) => shown !== 'degraded');
    expect(lines[1]).toMatchObject({
      msg: expect.stringMatching(/^lane default is well again: it was unwell since \S+, for \d/),
      lane: 'default',
      since,
    });
    expect((await request.get('/metrics').expect(200)).text).toContain(
      'sluice_lane_unwell{lane="default"} 0',
    );
  });

  it('is well while it is paused, however long', async () => {
    const { app, lines, lookAfter } = await startStuck();
    await app.request.post('/queue/pause').expect(200);
    await app.request
      .post('/ingest')
      .send({ ids: [1], priority: 'HIGH' })
      .expect(200);
    await lookAfter(0);
    await lookAfter(600 * SECONDS);
    expect((await app.request.get('/health').expect(200)).body.status).toBe('healthy');
    expect(lines).toEqual([]);
  });
});
