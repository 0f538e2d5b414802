import { describe, expect, it } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';
import { waitFor } from '../support/wait-for.js';

/** A pace whose slots would be missed at once if a lane that fills a dispatch counted as late. */
const FAST = { BATCH_SIZE: '5', BATCH_DELAY: '0.05' };
const NEVER = '3600';

function sentIds({ api }: TestApp): bigint[][] {
  return api.calls.map(({ ids }) => [...ids]);
}

describe.each(['SQLite', 'PostgreSQL'])('On %s a lane with MIN_FILL', (store) => {
  const start = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();

  const place = (): Record<string, string> =>
    store === 'PostgreSQL' ? { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() } : {};

  it('sends a short dispatch when its oldest id has waited MAX_WAIT, and not before', async () => {
    const service = await start({ ...place(), ...FAST, MIN_FILL: '3', MAX_WAIT: '2' });
    const submittedMs = performance.now();
    await service.client.submit([1, 2], 'LOW');
    await waitFor('a call', () => service.api.calls.length > 0);

    expect(performance.now() - submittedMs).toBeGreaterThanOrEqual(1990);
    expect(sentIds(service)).toEqual([[1n, 2n]]);
  });

  it('says that a dispatch is being filled and until when, and misses no slot', async () => {
    const service = await start({ ...place(), ...FAST, MIN_FILL: '3', MAX_WAIT: NEVER, FILL_EXEMPT: 'HIGH' });
    const id = await service.client.submit([1, 2], 'LOW');
    const queue = await service.client.waitFor<{ held_by: { kind: string; until: string } | null }>(
      '/queue',
      ({ held_by: heldBy }) => heldBy?.kind === 'filling',
    );

    const untilMs = Date.parse(queue.held_by?.until ?? '');
    expect(untilMs - Date.now()).toBeGreaterThan(3_500_000);
    expect(queue).toMatchObject({ state: 'filling' });
    const { body } = await service.request.get(`/status/${id}?batches=none`).expect(200);
    expect(body).toMatchObject({ held_by: { kind: 'filling' } });
    const { estimated_start_at: startAt } = body as { estimated_start_at: string };
    expect(Math.abs(Date.parse(startAt) - untilMs)).toBeLessThan(5000);
    const { text } = await service.request.get('/metrics').expect(200);
    expect(text).toMatch(/^sluice_slots_missed_total\{lane="default"\} 0$/m);
    expect(text).toMatch(/^sluice_lane_held_by\{lane="default",kind="filling"\} 1$/m);
    expect(service.api.calls).toEqual([]);
    await service.client.submit([3], 'HIGH');
    await waitFor('a call', () => service.api.calls.length > 0);
    expect(sentIds(service)).toEqual([[3n, 1n, 2n]]);
  });

  it('sends as soon as enough ids are pending, from whichever replica', async () => {
    const variables = { ...place(), ...FAST, MIN_FILL: '3', MAX_WAIT: NEVER };
    const one = await start(variables);
    const other = store === 'PostgreSQL' ? await start(variables, one.api) : one;
    await one.client.submit([1, 2], 'LOW');
    await one.client.waitFor<{ held_by: { kind: string } | null }>(
      '/queue',
      ({ held_by: heldBy }) => heldBy?.kind === 'filling',
    );
    await other.client.submit([3], 'LOW');
    await waitFor('a call', () => one.api.calls.length > 0);

    expect(sentIds(one)).toEqual([[1n, 2n, 3n]]);
  });
});
