import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UpstreamCallError } from '../../src/external-api/external-api.js';
import { QueueRepository } from '../../src/scheduler/queue/queue.repository.js';
import { advanceTime } from '../support/advance-time.js';
import { useApps } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { ScriptedApi, silent, succeedAfter } from '../support/scripted-api.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const CALL_MS = 100;

interface EstimateFields {
  readonly estimated_start_at: string | null;
  readonly estimated_completion_at: string | null;
  readonly estimate_unknown: string | null;
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('The estimate of a list', () => {
  const start = useApps();

  it('under two limits is when its last id is sent, to the length of the shorter window', async () => {
    const limits = '[{ ids: 30, per: 10, margin: 0 }, { ids: 90, per: 300, margin: 0 }]';
    const app = await start({ LIMITS: limits, MAX_IN_FLIGHT: '100' }, new ScriptedApi(succeedAfter(CALL_MS)));
    await app.client.submit(idRange(1, 45), 'HIGH');
    await advanceTime(2 * MINUTE_MS);
    const id = await app.client.submit(idRange(1, 200), 'LOW');
    await advanceTime(1000);
    const { estimated_completion_at: expected } = await app.client.get<EstimateFields>(`/status/${id}`);
    await advanceTime(14 * MINUTE_MS);

    const sentMs = app.api.calls.at(-1)?.atMs ?? 0;
    expect(app.api.calls.reduce((sum, { ids }) => sum + ids.length, 0)).toBe(245);
    expect(Math.abs(Date.parse(expected ?? '') - sentMs)).toBeLessThan(10_000);
  });

  it('under a daily limit ends days later, before it is submitted too, and so does the queue', async () => {
    const app = await start({ LIMITS: '[{ ids: 10000, per: 86400, margin: 0 }]' }, silent());
    const { body } = await app.request
      .post('/ingest?dry_run=true')
      .send({ ids: idRange(1, 100_000), priority: 'LOW' })
      .expect(200);
    expect(Date.parse(body.estimated_completion_at) - Date.now()).toBeCloseTo(9 * DAY_MS, -4);
    await app.request.post('/queue/pause').expect(200);
    await app.client.submit(idRange(1, 100_000), 'LOW');
    const { body: resumed } = await app.request.post('/queue/resume').expect(200);
    expect(resumed.empty_in_seconds).toBeCloseTo((9 * DAY_MS) / 1000, -1);
  });

  it('is unknown, and says why, while the upstream fails or the lane is paused', async () => {
    const failing = new ScriptedApi(() => Promise.reject(new UpstreamCallError('upstream', 'answered 503')));
    const app = await start({ BREAKER_THRESHOLD: '1', BREAKER_COOLDOWN: '600' }, failing);
    const id = await app.client.submit(idRange(1, 30), 'LOW');
    await advanceTime(1000);
    const unknown = { estimated_start_at: null, estimated_completion_at: null };

    expect(await app.client.get(`/status/${id}`)).toMatchObject({
      ...unknown,
      estimate_unknown: 'upstream_fails',
      held_by: { kind: 'breaker' },
    });
    expect(await app.client.get('/queue')).toMatchObject({ state: 'breaker_open', empty_in_seconds: null });
    await app.request.post('/queue/pause').expect(200);
    expect(await app.client.get(`/status/${id}`)).toMatchObject({ ...unknown, estimate_unknown: 'paused' });
  });

  it('under limits reads the log of departures once', async () => {
    const limits = '[{ ids: 30, per: 10 }, { ids: 9000, per: day }]';
    const app = await start({ LIMITS: limits }, new ScriptedApi(succeedAfter(CALL_MS)));
    const id = await app.client.submit(idRange(1, 200), 'LOW');
    await advanceTime(1000);
    const read = jest.spyOn(app.app.get(QueueRepository).departures, 'read');
    await app.client.get(`/status/${id}`);
    expect(read).toHaveBeenCalledTimes(1);
    await app.client.get('/queue');
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('is unknown without a pace until calls were measured', async () => {
    const app = await start({ LIMITS: '[{ in_flight: 1 }]' }, silent());
    const id = await app.client.submit(idRange(1, 30), 'LOW');
    await advanceTime(1000);

    expect(await app.client.get(`/status/${id}`)).toMatchObject({
      estimated_completion_at: null,
      estimate_unknown: 'no_pace',
      held_by: { kind: 'limit', limit: '1 in flight' },
    });
  });

  it('says nothing of the lane once every id has its outcome', async () => {
    const app = await start({ BATCH_DELAY: '600' }, new ScriptedApi(succeedAfter(CALL_MS)));
    const id = await app.client.submit([1, 2], 'LOW');
    await advanceTime(1000);

    expect(await app.client.get(`/status/${id}`)).toMatchObject({
      status: 'completed',
      estimate_unknown: null,
      held_by: null,
    });
  });
});
