import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { UpstreamCallError } from '../../src/external-api/external-api.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { ScriptedApi } from '../support/scripted-api.js';

const WATCHED_MS = 1500;
const SETTINGS = { BATCH_DELAY: '0.2', BREAKER_THRESHOLD: '3', BREAKER_COOLDOWN: '60' };

const broken = (): ScriptedApi =>
  new ScriptedApi(() => Promise.reject(new UpstreamCallError('upstream', 'answered 503')));
const holding = (): ScriptedApi =>
  new ScriptedApi(() =>
    Promise.reject(new UpstreamCallError('upstream', 'answered 429', false, { retryAfterMs: 60_000 })),
  );

describe('No slot is missed while ids wait', () => {
  const start = useApps();

  async function missed({ request }: TestApp): Promise<number> {
    const { text } = await request.get('/metrics').expect(200);
    return Number(/^sluice_slots_missed_total\{lane="default"\} (\S+)$/m.exec(text)?.[1]);
  }

  it.each([
    ['for the first cool-down of the breaker', 'breaker_open', broken(), {}],
    ['for the time that the upstream asked for', 'held', holding(), {}],
    [
      'for retries that are not due yet',
      'waiting_for_retry',
      broken(),
      { BREAKER_THRESHOLD: '0', RETRY_BASE: '60', RETRY_MAX: '60' },
    ],
  ])('%s', async (_, state, api, settings) => {
    const app = await start({ ...SETTINGS, ...settings }, api);
    await app.client.submit(idRange(1, 20), 'LOW');
    await app.client.waitFor<{ state: string }>('/queue', (queue) => queue.state === state);
    const before = await missed(app);
    await sleep(WATCHED_MS / 2);
    if (state !== 'waiting_for_retry') {
      await app.client.submit(idRange(1, 1), 'LOW'); // wakes the gate
    }
    await sleep(WATCHED_MS / 2);
    expect(await missed(app)).toBe(before);
  });

  it('because the gate is paused', async () => {
    const app = await start(SETTINGS);
    await app.request.post('/queue/pause').expect(200);
    await app.client.submit(idRange(1, 20), 'LOW');
    await sleep(WATCHED_MS);
    expect(await missed(app)).toBe(0);
  });
});
