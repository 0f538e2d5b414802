import { spawnSync } from 'node:child_process';
import { request as send } from 'node:http';
import { describe, expect, it, jest } from '@jest/globals';
import parse, { type Family } from 'parse-prometheus-text-format';
import { StoreProbe } from '../../src/operations/health/store-probe.js';
import { QueueAdminRepository } from '../../src/operations/queue-admin/queue-admin.repository.js';
import { MaintenanceRepository } from '../../src/operations/maintenance/maintenance.repository.js';
import { StoreUnavailableError } from '../../src/domain/store-errors.js';
import { useApps, type TestApp } from '../support/app.js';
import { EventStream } from '../support/event-stream.js';
import { listen } from '../support/raw-http.js';
import { refuseForGood, ScriptedApi, succeed } from '../support/scripted-api.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0';
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('GET /metrics', () => {
  const start = useApps();

  const scrape = async ({ request }: TestApp, accept = 'text/plain'): Promise<string> => {
    const { text } = await request.get('/metrics').set('Accept', accept).expect(200);
    return text;
  };
  const post = async ({ request }: TestApp, ids: readonly number[], priority: string): Promise<void> => {
    await request.post('/ingest').send({ ids, priority }).expect(200);
  };
  /** Returns each sample of a counter or gauge as `labels value`. */
  const samplesOf = (families: readonly Family[], name: string): string[] => {
    const { metrics = [] } = families.find((family) => family.name === name) ?? {};
    return metrics.map(({ labels = {}, value }) =>
      `${Object.values(labels).join(' ')} ${String(value)}`.trim(),
    );
  };
  const settled = (app: TestApp, ids: number): Promise<Family[]> =>
    waitFor(
      `${String(ids)} outcomes`,
      async () => parse(await scrape(app)),
      (families) => {
        const { metrics = [] } = families.find(({ name }) => name === 'sluice_outcomes_total') ?? {};
        return metrics.reduce((sum, { value }) => sum + Number(value), 0) >= ids;
      },
    );

  it('counts what came in, what was sent and what became of it', async () => {
    const app = await start(
      { BATCH_DELAY: '0' },
      new ScriptedApi((call) => (call.ids.includes(7n) ? refuseForGood(call) : succeed(call))),
    );
    await post(app, [1, 2, 3, 4], 'HIGH');
    await post(app, [1, 2, 3, 4], 'HIGH');
    await settled(app, 4);
    await post(app, [7], 'LOW');
    const families = await settled(app, 5);

    expect(samplesOf(families, 'sluice_acceptances_total')).toEqual(
      expect.arrayContaining(['HIGH accepted 1', 'HIGH replayed 1', 'LOW accepted 1', 'MEDIUM accepted 0']),
    );
    expect(samplesOf(families, 'sluice_accepted_ids_total')).toEqual(['HIGH 4', 'MEDIUM 0', 'LOW 1']);
    expect(samplesOf(families, 'sluice_dispatched_ids_total')).toEqual(['default 5']);
    expect(samplesOf(families, 'sluice_dispatches_total')).toEqual(['default 3']);
    expect(samplesOf(families, 'sluice_outcomes_total')).toEqual(
      expect.arrayContaining(['default completed  4', 'default failed rejected 1']),
    );
    expect(samplesOf(families, 'sluice_webhooks_pending')).toEqual(['0']);
    expect(samplesOf(families, 'sluice_webhook_attempts_total')).toEqual([
      'delivered 0',
      'failed 0',
      'retried 0',
    ]);
    expect(samplesOf(families, 'sluice_store_up')).toEqual(['1']);
    expect(samplesOf(families, 'sluice_slots_missed_total')).toEqual(['default 0']);
  });

  it('shows what waits, and since when', async () => {
    const app = await start({ BATCH_DELAY: '3600', IDEMPOTENCY_BY_CONTENT: 'false' });
    await post(app, [1, 2, 3], 'HIGH');
    await post(app, [4, 5], 'MEDIUM');
    await app.request.post('/queue/pause').expect(200);
    const families = parse(await scrape(app));
    expect(samplesOf(families, 'sluice_waiting_ids')).toEqual([
      'default HIGH 0',
      'default MEDIUM 2',
      'default LOW 0',
    ]);
    expect(samplesOf(families, 'sluice_oldest_waiting_seconds')).toEqual([
      expect.stringMatching(/^default MEDIUM \d+(\.\d+)?$/),
    ]);
    expect(samplesOf(families, 'sluice_paused')).toEqual(['default 1']);
    expect(samplesOf(families, 'sluice_batch_delay_seconds')).toEqual(['default 3600']);
  });

  it('has a route of HTTP requests by its pattern, and no more series whatever is asked for', async () => {
    const app = await start();
    for (let i = 0; i < 20; i++) {
      await app.request.get(`/status/019376a0-5c00-7a3e-9b1d-2f4c6e8a0b${String(10 + i)}`);
      await app.request.get(`/nowhere/${String(i)}`);
    }
    await app.request.get('/docs/assets/swagger-ui.css');
    await post(app, [1], 'HIGH');
    const { metrics = [] } =
      parse(await scrape(app)).find(({ name }) => name === 'sluice_http_request_seconds') ?? {};
    // The library merges all series of a histogram.
    const routes = [...(await scrape(app)).matchAll(/sluice_http_request_seconds_count(\{[^}]*\}) (\d+)/g)];
    expect(metrics.length).toBeGreaterThan(0);
    expect(routes.map(([, labels, count]) => `${String(labels)} ${String(count)}`).sort()).toEqual([
      '{method="GET",route="/metrics",code="200"} 1',
      '{method="GET",route="/status/:ingestion_id",code="404"} 20',
      '{method="GET",route="none",code="404"} 20',
      '{method="GET",route="page",code="200"} 1',
      '{method="POST",route="/ingest",code="200"} 1',
    ]);
  });

  it('counts the clients that follow lists and the lists that arrive, while they do', async () => {
    const app = await start({ BATCH_DELAY: '3600' });
    const url = `http://127.0.0.1:${String(await listen(app.app))}`;
    await app.request.post('/queue/pause').expect(200);
    const { body } = await app.request.post('/ingest').send({ ids: [1], priority: 'LOW' });
    const status = `${url}/status/${String(body.ingestion_id)}`;
    const open = async (): Promise<string[]> => {
      const families = parse(await scrape(app));
      return ['sluice_status_watchers', 'sluice_streams_under_way'].flatMap((name) =>
        samplesOf(families, name),
      );
    };
    const become = (expected: readonly string[]): Promise<string[]> =>
      waitFor(expected.join(), open, (counts) => counts.join() === expected.join());
    expect(await open()).toEqual(['events 0', 'long_poll 0', '0']);

    const streams = [await EventStream.open(`${status}/events`), await EventStream.open(`${status}/events`)];
    const poll = send(`${status}?wait=60`).on('error', () => undefined);
    poll.end();
    const list = send(`${url}/ingest/stream?priority=LOW`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
    }).on('error', () => undefined);
    list.write('1\n');
    await become(['events 2', 'long_poll 1', '1']);
    streams[0]?.close();
    poll.destroy();
    list.destroy();
    await become(['events 1', 'long_poll 0', '0']);
    await app.request.post(`/ingestions/${String(body.ingestion_id)}/cancel`).expect(200);
    await streams[1]?.toEnd();
    await become(['events 0', 'long_poll 0', '0']);
  });

  it('is OpenMetrics for who asks for it, and the older format for all others, in any order', async () => {
    const app = await start();
    const { headers, text } = await app.request
      .get('/metrics')
      .set('Accept', `${OPENMETRICS},text/plain;q=0.5`);
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(text).toMatch(/\n# EOF\n$/);
    expect(text).toContain('# TYPE sluice_dispatches counter\nsluice_dispatches_total{lane="default"} 0\n');
    const plain = await app.request.get('/metrics');
    expect(plain.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(plain.text).toContain(
      '# TYPE sluice_dispatches_total counter\nsluice_dispatches_total{lane="default"} 0\n',
    );
  });

  it('says so while the store is down, without what only the store knows', async () => {
    const app = await start();
    const down = () => Promise.reject(new StoreUnavailableError('gone'));
    app.app.get(MaintenanceRepository).ping = down;
    app.app.get(QueueAdminRepository).stats = down;
    await app.app.get(StoreProbe).probe();
    const families = parse(await scrape(app));
    expect(samplesOf(families, 'sluice_store_up')).toEqual(['0']);
    expect(samplesOf(families, 'sluice_waiting_ids')).toEqual([]);
  });

  it('answers also where the store does not', async () => {
    const app = await start();
    app.app.get(MaintenanceRepository).ping = () => new Promise(() => undefined);
    await app.app.get(StoreProbe).probe();
    expect(samplesOf(parse(await scrape(app)), 'sluice_store_up')).toEqual(['0']);
  });

  it('is in the units and under the names of the conventions', async () => {
    const app = await start();
    await post(app, [1], 'HIGH');
    const families = parse(await scrape(app));
    const own = families.filter(({ name }) => name.startsWith('sluice_'));
    expect(own.length).toBeGreaterThan(20);
    for (const { name, type, help } of own) {
      expect([name, help.endsWith('.')]).toEqual([name, true]);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'COUNTER']);
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|kilobytes|percent)(_|$)/);
    }
  });

  (hasPromtool ? it : it.skip)('passes promtool (skipped where it is not installed)', async () => {
    const app = await start();
    await post(app, [1], 'HIGH');
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
      input: await scrape(app),
      encoding: 'utf8',
    });
    // Process metrics keep the names that dashboards expect, although promtool complains about them.
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('sluice_'));
    expect([complaints, [0, 3].includes(status ?? -1)]).toEqual([[], true]);
  });
});
