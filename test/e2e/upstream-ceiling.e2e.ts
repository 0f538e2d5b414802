import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { UpstreamCall } from '../../src/external-api/external-api.js';
import { advanceTime } from '../support/advance-time.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { usePostgres } from '../support/postgres-stores.js';
import { ScriptedApi, succeedAfter } from '../support/scripted-api.js';
import { isSelected } from '../support/selected-stores.js';
import { waitFor } from '../support/wait-for.js';

const WINDOW_MS = 10_000;
const MAX = 20;
const CALL_MS = 300;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** An upstream that accepts so many calls in each fixed window, and tells with each answer how many remain. */
class TellingUpstream {
  readonly accepted = new Map<number, number>();
  refused = 0;

  answer(call: UpstreamCall): ReturnType<ReturnType<typeof succeedAfter>> {
    const window = Math.floor(Date.now() / WINDOW_MS);
    const used = (this.accepted.get(window) ?? 0) + 1;
    this.accepted.set(window, used);
    this.refused += used > MAX ? 1 : 0;
    const resetsAtMs = (window + 1) * WINDOW_MS;
    const remaining = Math.max(0, MAX - used);
    setTimeout(() => {
      call.onLimit?.({ remaining, resetInMs: resetsAtMs - Date.now(), header: 'X-RateLimit-Remaining' });
    }, CALL_MS - 1);
    return succeedAfter(CALL_MS)(call);
  }
}

(isSelected('postgresql') ? describe : describe.skip)(
  'Replicas whose upstream says how many calls remain',
  () => {
    const start = useApps();
    const postgres = usePostgres();

    it('share them, also those that started after the answer, and are held together until the reset', async () => {
      jest.useRealTimers();
      const quota = { sent: 0, resetsAtMs: Date.now() + 60_000 };
      const answer = (call: UpstreamCall): ReturnType<ReturnType<typeof succeedAfter>> => {
        quota.sent += 1;
        const remaining = Math.max(0, MAX - quota.sent);
        setTimeout(() => {
          call.onLimit?.({ remaining, resetInMs: quota.resetsAtMs - Date.now(), header: 'RateLimit' });
        }, CALL_MS - 1);
        return succeedAfter(CALL_MS)(call);
      };
      const variables = { BATCH_SIZE: '1', BATCH_DELAY: '0', MAX_IN_FLIGHT: '40' };
      const both = { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema(), ...variables };
      const one = await start({ ...both, MAX_IN_FLIGHT: '1' }, new ScriptedApi(answer));
      const first = await one.client.submit([1], 'LOW');
      await waitFor('the first answer', async () => (await one.client.status(first)).status === 'completed');
      const [two, three] = [
        await start(both, new ScriptedApi(answer)),
        await start(both, new ScriptedApi(answer)),
      ];
      await two.client.submit(idRange(2, 200), 'LOW');
      await three.client.submit(idRange(1001, 200), 'LOW');
      await waitFor(
        'the hold',
        async () => (await heldBy(two)) === 'upstream' && (await heldBy(three)) === 'upstream',
      );

      expect(quota.sent).toBeLessThanOrEqual(MAX);
      expect(quota.sent).toBeGreaterThan(MAX / 2);
    });

    async function heldBy(app: TestApp): Promise<string | null> {
      const { body } = await app.request.get('/queue');
      const { held_by: cause } = body as { held_by: { kind: string } | null };
      return cause?.kind ?? null;
    }
  },
);

describe('A lane whose upstream says how many calls remain', () => {
  const start = useApps();

  it('sends as many as remain, with calls in flight together, and goes on right after the reset', async () => {
    const upstream = new TellingUpstream();
    const app = await start(
      { BATCH_SIZE: '1', BATCH_DELAY: '0', MAX_IN_FLIGHT: '6' },
      new ScriptedApi((call) => upstream.answer(call)),
    );
    await app.client.submit(idRange(1, 500), 'LOW');
    await advanceTime(4000);
    const queue = await app.client.get('/queue');
    await advanceTime(4 * WINDOW_MS);

    expect(queue).toMatchObject({ state: 'held', held_by: { kind: 'upstream' } });
    expect(upstream.refused).toBe(0);
    const [, ...windows] = [...upstream.accepted.values()].slice(0, -1);
    expect(windows.length).toBeGreaterThanOrEqual(3);
    // the last calls in flight of a window may be counted twice, which lowers the pace
    expect(Math.min(...windows)).toBeGreaterThan(MAX - 6);
  });
});
