import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UpstreamCallError } from '../../src/external-api/external-api.js';
import { advanceTime } from '../support/advance-time.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { ScriptedApi, silent, succeedAfter } from '../support/scripted-api.js';

const RETRY_MS = 600_000;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const failing = (options: { readonly retryAfterMs?: number } = {}): ScriptedApi =>
  new ScriptedApi(() => Promise.reject(new UpstreamCallError('upstream', 'answered 503', false, options)));

/** Each cause: the settings and the upstream that bring it about, and how long it still holds the lane 10 s later. */
const CAUSES = [
  ['limit', { LIMITS: '[{ calls: 1, per: 600 }]' }, new ScriptedApi(succeedAfter(100)), 590_000],
  ['limit', { LIMITS: '[{ in_flight: 1 }]' }, silent(), null],
  ['pace', { BATCH_DELAY: '600' }, new ScriptedApi(succeedAfter(100)), 590_000],
  ['capacity', { BATCH_DELAY: '0', MAX_IN_FLIGHT: '1', EXTERNAL_API_TIMEOUT: '600' }, silent(), null],
  ['upstream', { RETRY_AFTER_MAX: '3600' }, failing({ retryAfterMs: 600_000 }), 590_000],
  ['breaker', { BREAKER_THRESHOLD: '1', BREAKER_COOLDOWN: '600' }, failing(), 590_000],
] as const;

describe('A lane that sends nothing', () => {
  const start = useApps();

  const seriesOf = async ({ request }: TestApp): Promise<string[]> => {
    const { text } = await request.get('/metrics').expect(200);
    return text.match(/^sluice_lane_held_by\{.*\} 1$/gm) ?? [];
  };

  it.each(CAUSES)('says that it is held by %s, and until when (%j)', async (kind, settings, api, leftMs) => {
    const app = await start({ EXTERNAL_API_TIMEOUT: '600', ...settings }, api);
    const id = await app.client.submit(idRange(1, 30), 'LOW');
    await advanceTime(10_000);
    const { held_by: heldBy, lanes } = await app.client.get('/queue');

    expect(heldBy).toMatchObject({ kind, until: leftMs === null ? null : expect.any(String) });
    expect(lanes).toMatchObject({ default: { held_by: heldBy } });
    if (leftMs !== null) {
      const until = Date.parse((heldBy as { until: string }).until);
      expect(Math.abs(until - Date.now() - leftMs)).toBeLessThan(2000);
    }
    expect(await seriesOf(app)).toEqual([`sluice_lane_held_by{lane="default",kind="${kind}"} 1`]);
    expect(await app.client.get(`/status/${id}`)).toMatchObject({ held_by: heldBy });
  });

  it('names the limit that holds it, and is not open', async () => {
    const limits = '[{ calls: 100, per: 1 }, { ids: 6, per: 600 }]';
    const app = await start({ LIMITS: limits }, new ScriptedApi(succeedAfter(100)));
    await app.client.submit(idRange(1, 30), 'LOW');
    await advanceTime(10_000);
    const queue = await app.client.get('/queue');

    expect(queue).toMatchObject({
      state: 'limited',
      held_by: { kind: 'limit', limit: '6 ids per 600 s', text: 'the limit of 6 ids per 600 s is used up' },
      pace: { limits: ['100 calls per 1 s', '6 ids per 600 s'] },
    });
    expect(queue['state_ends_in_seconds']).toBe(queue['next_slot_in_seconds']);
  });

  it('says that it is paused since when, that nothing is pending, and when the next retry is due', async () => {
    const app = await start(
      { BREAKER_THRESHOLD: '0', RETRY_BASE: '600', RETRY_MAX: '600', BATCH_DELAY: '1' },
      failing(),
    );
    expect(await app.client.get('/queue')).toMatchObject({
      held_by: { kind: 'nothing_pending', until: null },
    });
    await app.client.submit([1], 'LOW');
    await advanceTime(10_000);
    const { held_by: retry } = await app.client.get('/queue');
    expect(retry).toMatchObject({ kind: 'retry', until: expect.any(String) });
    expect(Date.parse((retry as { until: string }).until)).toBeLessThan(Date.now() + RETRY_MS);
    const { body } = await app.request.post('/queue/pause').expect(200);
    expect(body).toMatchObject({
      held_by: { kind: 'paused', since: body.paused_at, until: null, text: 'paused' },
    });
  });
});
