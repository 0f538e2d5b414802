import { describe, expect, it, jest } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { usePostgres } from '../support/postgres-stores.js';
import { isSelected } from '../support/selected-stores.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

(isSelected('postgresql') ? describe : describe.skip)('The settings of a lane on two replicas', () => {
  const startApp = useApps();
  const postgres = usePostgres();

  async function startTwo(variables: Record<string, string>): Promise<[TestApp, TestApp]> {
    const both = { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema(), ...variables };
    return [await startApp(both), await startApp(both)];
  }

  it.each([
    ['with a delay', { BATCH_DELAY: '0.02' }],
    ['with limits', { LIMITS: '[{ calls: 10, per: 0.2 }]' }],
    ['without a pace', { BATCH_DELAY: '0', MAX_IN_FLIGHT: '2' }],
  ])('hold on both from the answer on, in a lane %s', async (_, variables) => {
    const [one, two] = await startTwo({ BATCH_SIZE: '2', ...variables });
    const calls = () => [...one.api.calls, ...two.api.calls];
    await one.client.submit(idRange(1, 20_000), 'LOW');
    await waitFor('the first calls', () => calls().length > 20);
    for (const batchSize of [3, 4, 5]) {
      await one.request.patch('/lanes/default').send({ batch_size: batchSize }).expect(200);
      const answeredAt = Date.now();
      const laterCalls = () => calls().filter(({ atMs }) => atMs > answeredAt);
      const later = await waitFor('later calls', laterCalls, ({ length }) => length > 5);
      expect(new Set(later.map(({ ids }) => ids.length))).toEqual(new Set([batchSize]));
    }
    expect((await two.request.get('/lanes/default')).body).toMatchObject({
      settings: { batch_size: { value: 5, source: 'api' } },
    });
    await one.request.post('/queue/pause').expect(200);
  });

  it('end a delay that the other replica waits for', async () => {
    const [one, two] = await startTwo({ BATCH_DELAY: '3600', BATCH_SIZE: '1' });
    await two.client.submit(idRange(1, 3), 'LOW');
    const count = (): number => one.api.calls.length + two.api.calls.length;
    await waitFor('the first call', count, (calls) => calls === 1);
    await one.request.patch('/lanes/default').send({ batch_delay: 0.1 }).expect(200);

    await waitFor('the other calls', count, (calls) => calls === 3);
  });

  it('are those of the store where replicas start with different ones, and this is told', async () => {
    const both = { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() };
    const one = await startApp({ ...both, BATCH_SIZE: '4' });
    const two = await startApp({ ...both, BATCH_SIZE: '5' });
    const again = await startApp({ ...both, BATCH_SIZE: '4' });

    for (const { request } of [one, two, again]) {
      expect((await request.get('/lanes/default')).body.settings.batch_size).toEqual({
        value: 5,
        source: 'environment',
      });
    }
    expect((await again.request.get('/health')).body.lanes.default).toMatchObject({ settings_differ: true });
    expect((await again.request.get('/metrics')).text).toContain(
      'sluice_lane_settings_differ{lane="default"} 1',
    );
    await again.client.submit(idRange(1, 5), 'LOW');
    const calls = () => [one, two, again].flatMap(({ api }) => api.calls);
    expect(await waitFor('a call', calls, ({ length }) => length === 1)).toMatchObject([
      { ids: { length: 5 } },
    ]);
  });
});
