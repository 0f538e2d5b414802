import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { advanceTime } from '../support/advance-time.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { ScriptedApi, succeedAfter } from '../support/scripted-api.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

function timesOf(app: TestApp, t0: number): number[] {
  return app.api.calls.map(({ atMs }) => atMs - t0);
}

describe('The settings of a lane', () => {
  const start = useApps();
  const startWith = (variables: Record<string, string>): Promise<TestApp> =>
    start(variables, new ScriptedApi(succeedAfter(10)));

  it('say where each value comes from', async () => {
    const app = await startWith({ BATCH_SIZE: '7' });
    const { body, headers } = await app.request.get('/lanes/default').expect(200);

    expect(body).toMatchObject({
      lane: 'default',
      settings: {
        batch_size: { value: 7, source: 'environment' },
        batch_delay: { value: 5, source: 'default' },
        limits: { value: null, source: 'default' },
      },
    });
    expect(headers['etag']).toBe(`"${String(body.version)}"`);
    expect((await app.request.get('/lanes').expect(200)).body.lanes).toEqual([body]);
    await app.request.get('/lanes/none').expect(404);
  });

  it('take effect at once: a longer delay holds the next dispatch back', async () => {
    const app = await startWith({ BATCH_DELAY: '1' });
    const t0 = Date.now();
    await app.client.submit(idRange(1, 30), 'LOW');
    await advanceTime(2500);
    const changed = app.request.patch('/lanes/default').send({ batch_delay: 10, batch_size: 5 });
    const [{ body }] = await Promise.all([changed, advanceTime(20_000)]);

    expect(body.settings).toMatchObject({
      batch_delay: { value: 10, source: 'api', base: { value: 1, source: 'environment' } },
      batch_size: { value: 5, source: 'api', base: { value: 3, source: 'default' } },
    });
    expect((await app.request.get('/audit').expect(200)).body.entries).toMatchObject([
      {
        action: 'change_lane',
        lane: 'default',
        from: { batch_delay: 1, batch_size: 3 },
        to: { batch_delay: 10, batch_size: 5 },
      },
    ]);
    expect(timesOf(app, t0)).toEqual([0, 1000, 2000, 12_000, 22_000]);
    expect(app.api.calls.map(({ ids }) => ids.length)).toEqual([3, 3, 3, 5, 5]);
  });

  it('take effect at once: a shorter delay does not wait for the old one', async () => {
    const app = await startWith({ BATCH_DELAY: '3600' });
    const t0 = Date.now();
    await app.client.submit(idRange(1, 9), 'LOW');
    await advanceTime(10_000);
    await Promise.all([app.request.patch('/lanes/default').send({ batch_delay: 2 }), advanceTime(5000)]);

    expect(timesOf(app, t0)).toHaveLength(3);
    expect(timesOf(app, t0)[1]).toBeLessThan(11_000);
  });

  it('bring limits to a lane with a delay, and take them back', async () => {
    const app = await startWith({ BATCH_DELAY: '1', BATCH_SIZE: '1', MAX_IN_FLIGHT: '100' });
    await app.client.submit(idRange(1, 100), 'LOW');
    await advanceTime(500);
    const limits = [{ calls: 4, per: 10, margin: 0 }];
    const [{ body }] = await Promise.all([
      app.request.patch('/lanes/default').send({ limits }).expect(200),
      advanceTime(9000),
    ]);
    expect(body.settings).toMatchObject({
      limits: { value: limits, source: 'api', base: { value: null, source: 'default' } },
      batch_delay: { value: 0, source: 'default' },
    });
    expect(app.api.calls).toHaveLength(4); // the call before the change counts
    const [reverted] = await Promise.all([
      app.request.delete('/lanes/default/settings/limits').expect(200),
      advanceTime(2500),
    ]);

    expect(reverted.body.settings).toMatchObject({
      limits: { value: null, source: 'default' },
      batch_delay: { value: 1, source: 'environment' },
    });
    expect(app.api.calls).toHaveLength(7);
    const { entries } = (await app.request.get('/audit').expect(200)).body;
    expect(entries).toMatchObject([{ action: 'change_lane' }, { action: 'change_lane', to: { limits } }]);
  });

  it.each([
    [{ batch_size: 0 }, 'batch_size', /^batch_size must not be less than 1/],
    [{ batch_size: '5' }, 'batch_size', /^batch_size must be a number/],
    [{ batch_size: 1.5 }, 'batch_size', /^batch_size must be an integer/],
    [{ batch_sise: 5 }, 'batch_sise', /^batch_sise is not a setting; did you mean batch_size\?/],
    [
      { limits: [{ calls: 0, per: 10 }] },
      'limits[0].calls',
      /^limits\[0\]\.calls must be a number from 1 to 1000000000000, not "0"$/,
    ],
    [{ limits: 'all' }, 'limits', /^limits must be a list/],
    [
      { retry_base: 100, retry_max: 1 },
      'retry_base',
      /^retry_base \(100\) must not be greater than retry_max/,
    ],
    [{ headers: '{}' }, 'headers', /^headers cannot be changed over the API/],
  ])(
    'are refused with one line and the name of the setting, and nothing changes: %j',
    async (settings, param, detail) => {
      const app = await startWith({});
      const { body: before } = await app.request.get('/lanes/default');
      const { body } = await app.request.patch('/lanes/default').send(settings).expect(422);

      expect(body).toMatchObject({ param, detail: expect.stringMatching(detail) });
      expect(body.detail).not.toContain('\n');
      expect((await app.request.get('/lanes/default')).body).toEqual(before);
    },
  );

  it('change only from the version that the client has seen', async () => {
    const app = await startWith({});
    const tag = String((await app.request.get('/lanes/default')).headers['etag']);
    const first = await app.request
      .patch('/lanes/default')
      .set('If-Match', tag)
      .send({ batch_size: 5 })
      .expect(200);
    expect(first.headers['etag']).not.toBe(tag);
    await app.request.patch('/lanes/default').set('If-Match', tag).send({ batch_size: 6 }).expect(412);
    await app.request.put('/lanes/default').set('If-Match', '"x"').send({}).expect(412);
    const { body } = await app.request.put('/lanes/default').send({ max_attempts: 2 }).expect(200);

    expect(body.settings).toMatchObject({
      batch_size: { value: 3, source: 'default' },
      max_attempts: { value: 2, source: 'api' },
    });
  });

  it('keep secrets of the environment to themselves', async () => {
    const app = await startWith({
      EXTERNAL_API_URL: 'http://127.0.0.1:9/ids?key=s3cret',
      EXTERNAL_API_HEADERS: '{"X-Key": "s3cret"}',
    });
    const { text } = await app.request.get('/lanes/default').expect(200);

    expect(text).not.toContain('s3cret');
    expect(JSON.parse(text).settings.url).toEqual({ value: null, source: 'environment' });
  });

  it('survive a restart, and so does the delay since the last dispatch', async () => {
    const app = await startWith({ BATCH_DELAY: '1' });
    await Promise.all([app.request.patch('/lanes/default').send({ batch_size: 8 }), advanceTime(100)]);
    await Promise.all([app.app.close(), advanceTime(100)]);
    const again = await startWith({ DATA_DIR: app.dataDir, BATCH_SIZE: '4' });

    expect((await again.request.get('/lanes/default')).body.settings).toMatchObject({
      batch_size: { value: 8, source: 'api', base: { value: 4, source: 'environment' } },
    });
    await again.client.submit(idRange(1, 9), 'LOW');
    await advanceTime(100);
    expect(again.api.calls.map(({ ids }) => ids.length)).toEqual([8]);
  });
});
