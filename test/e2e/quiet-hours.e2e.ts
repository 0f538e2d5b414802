import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { advanceTime } from '../support/advance-time.js';
import { useApps, type TestApp } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { usePostgres } from '../support/postgres-stores.js';
import { ScriptedApi, succeedAfter } from '../support/scripted-api.js';
import { isSelected } from '../support/selected-stores.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const MINUTE = 60_000;

describe('The quiet hours of a lane', () => {
  const start = useApps();

  beforeEach(() => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate'],
      now: new Date('2026-11-27T21:58:00Z'),
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const QUIET_HOURS = '[{ from: "22:00", to: "22:30" }]';

  function timesOf({ api }: TestApp): string[] {
    return api.calls.map(({ atMs }) => new Date(atMs).toISOString().slice(11, 19));
  }

  it.each([
    ['with a delay', { BATCH_DELAY: '60' }],
    ['with limits', { LIMITS: '[{ calls: 1, per: 60, margin: 0 }]' }],
  ])('let nothing leave, and the next dispatch leaves when they end, in a lane %s', async (_, pace) => {
    const app = await start({ QUIET_HOURS, ...pace }, new ScriptedApi(succeedAfter(10)));
    const id = await app.client.submit(idRange(1, 15), 'LOW');
    await advanceTime(MINUTE);
    const estimated = await app.client.get<{ estimated_completion_at: string }>(`/status/${id}`);
    expect(estimated.estimated_completion_at.slice(0, 16)).toBe('2026-11-27T22:32');
    const { body: early } = await app.request.get('/queue').expect(200);
    expect(Math.round(early.empty_in_seconds / 60)).toBe(33);
    await advanceTime(10 * MINUTE);

    expect(timesOf(app)).toEqual(['21:58:00', '21:59:00']);
    const { body } = await app.request.get('/queue').expect(200);
    expect(body).toMatchObject({
      state: 'quiet_hours',
      held_by: { kind: 'quiet_hours', until: '2026-11-27T22:30:00.000Z' },
    });
    expect((await app.client.status(id))['held_by']).toMatchObject({ kind: 'quiet_hours' });
    await advanceTime(25 * MINUTE);
    expect(timesOf(app)).toEqual(['21:58:00', '21:59:00', '22:30:00', '22:31:00', '22:32:00']);
    expect((await app.request.get('/metrics')).text).toContain('sluice_slots_missed_total{lane="default"} 0');
  });

  it('begin and end at once where they are changed', async () => {
    const app = await start({ BATCH_DELAY: '1' }, new ScriptedApi(succeedAfter(10)));
    await app.client.submit(idRange(1, 3000), 'LOW');
    await advanceTime(2500);
    const quiet = [{ from: '21:00', to: '23:00' }];
    const set = app.request.patch('/lanes/default').send({ quiet_hours: quiet }).expect(200);
    const [{ body }] = await Promise.all([set, advanceTime(5000)]);
    expect(body.settings.quiet_hours).toMatchObject({ value: quiet, source: 'api', base: { value: null } });
    expect(app.api.calls).toHaveLength(3);
    await Promise.all([
      app.request.patch('/lanes/default').send({ quiet_hours: [] }).expect(200),
      advanceTime(1500),
    ]);
    expect(app.api.calls.length).toBeGreaterThan(3);
    const { body: refused } = await app.request
      .patch('/lanes/default')
      .send({ quiet_hours: [{ from: '25:00', to: '23:00' }] })
      .expect(422);
    expect(refused.detail).toMatch(/^quiet_hours\[0\]\.from must be a time such as "22:00", not "25:00"$/);
  });
});

(isSelected('postgresql') ? describe : describe.skip)('The quiet hours of a lane on two replicas', () => {
  const start = useApps();
  const postgres = usePostgres();

  it('hold both from the answer on', async () => {
    const both = { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() };
    const pace = { BATCH_SIZE: '1', BATCH_DELAY: '0.01' };
    const [one, two] = [await start({ ...both, ...pace }), await start({ ...both, ...pace })];
    const calls = (): number => one.api.calls.length + two.api.calls.length;
    await one.client.submit(idRange(1, 20_000), 'LOW');
    await waitFor('the first calls', () => calls() > 20);
    const from = new Date(Date.now() - 2 * MINUTE).toISOString().slice(11, 16);
    const to = new Date(Date.now() + 60 * MINUTE).toISOString().slice(11, 16);
    await one.request
      .patch('/lanes/default')
      .send({ quiet_hours: [{ from, to }] })
      .expect(200);
    const sent = calls();
    await sleep(1500);

    expect(calls()).toBe(sent);
    expect((await two.request.get('/queue')).body.held_by).toMatchObject({ kind: 'quiet_hours' });
    await two.request.delete('/lanes/default/settings/quiet_hours').expect(200);
    await waitFor('more calls', () => calls() > sent);
    await one.request.post('/queue/pause').expect(200);
  });
});
