import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ShutdownState } from '../../src/platform/lifecycle/shutdown-state.js';
import { EventLoopDelay } from '../../src/platform/lifecycle/event-loop-delay.js';
import { StoreProbe } from '../../src/operations/health/store-probe.js';
import {
  MaintenanceRepository,
  type StoreStatus,
} from '../../src/operations/maintenance/maintenance.repository.js';
import { StoreUnavailableError } from '../../src/domain/store-errors.js';
import { useApps } from '../support/app.js';
import { startPostgres, type TestServer } from '../support/postgres.js';

jest.setTimeout(60_000);

const MIB = 1024 * 1024;

describe('GET /health/ready', () => {
  const start = useApps();
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  /** Starts the service on a store that reports the given condition. */
  const startWith = async (condition: Partial<StoreStatus>) => {
    const testApp = await start();
    const maintenanceRepository = testApp.app.get(MaintenanceRepository);
    const real = await maintenanceRepository.status();
    maintenanceRepository.status = async () => ({ ...real, ...condition });
    await testApp.app.get(StoreProbe).probe();
    return testApp;
  };

  it('says of each thing how it stands', async () => {
    const { request } = await start();
    const { body } = await request.get('/health/ready').expect(200);
    expect(body.checks).toMatchObject({
      drain: { status: 'up' },
      store: { status: 'up', message: expect.stringMatching(/^SQLite at /) },
      schema: { status: 'up' },
      disk: { message: expect.stringMatching(/^\d+ MiB free$/) },
      event_loop: { status: 'up' },
      lanes: { status: 'up' },
    });
  });

  it('says so on PostgreSQL too, where the disk is on another machine', async () => {
    const { request } = await start({ DATABASE_URL: server?.url ?? '', DATABASE_SCHEMA: 'health' });
    const { body } = await request.get('/health/ready').expect(200);
    expect(body.status).toBe('ready');
    expect(body.checks.store.message).toMatch(/^PostgreSQL at /);
    expect(body.checks.schema.message).toMatch(/^version (\d+), this program knows \1$/);
    expect(body.checks.disk).toEqual({ status: 'up', message: 'the store is on another machine' });
  });

  it('is 503 while the store takes no work, with the reason, as is /health; the process lives', async () => {
    const { app, request } = await start();
    const { ping } = app.get(MaintenanceRepository);
    app.get(MaintenanceRepository).ping = () => Promise.reject(new StoreUnavailableError('secret detail'));
    await app.get(StoreProbe).probe();
    const { body, headers } = await request.get('/health/ready').expect(503);
    expect(body).toEqual({
      detail: 'not ready: store: the store is unavailable',
      errors: [{ field: 'store', message: 'the store is unavailable' }],
      status: 503,
      status_code: 503,
      title: 'Service Unavailable',
      type: 'about:blank',
      code: 'unavailable',
      param: 'store',
    });
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('problem+json'),
      'retry-after': '1',
    });
    await request.get('/health').expect(503);
    await request.get('/health/live').expect(200, { status: 'alive' });
    app.get(MaintenanceRepository).ping = ping;
    await app.get(StoreProbe).probe();
    await request.get('/health/ready').expect(200);
    await request.get('/health').expect(200);
  });

  it('is 503 while the service stops; the process lives', async () => {
    const { app, request } = await start();
    app.get(ShutdownState).onModuleDestroy();
    const { body } = await request.get('/health/ready').expect(503);
    expect(body.errors).toEqual([{ field: 'drain', message: 'the service is stopping' }]);
    await request.get('/health').expect(503);
    await request.get('/health/live').expect(200);
  });

  it.each([
    [{ freeBytes: 63 * MIB }, 503, 'disk'],
    [{ freeBytes: 65 * MIB }, 200, 'disk'],
    [{ schemaVersion: 0 }, 503, 'schema'],
    [{ schemaVersion: 1_000_000 }, 200, 'schema'],
  ])('with %j is %d', async (condition, status, name) => {
    const { request } = await startWith(condition);
    const { body } = await request.get('/health/ready').expect(status);
    if (status === 503) {
      expect(body.errors).toMatchObject([{ field: name }]);
    } else {
      expect([body.status, body.checks[name].status]).toEqual(['degraded', 'degraded']);
    }
  });

  it('is 503 while the event loop is held up', async () => {
    const { app, request } = await start();
    Object.defineProperty(app.get(EventLoopDelay), 'p99Ms', { value: 1001 });
    const { body } = await request.get('/health/ready').expect(503);
    expect(body.errors).toEqual([{ field: 'event_loop', message: 'delayed by 1001 ms' }]);
  });

  it('gives up on a store that does not answer, before a probe does', async () => {
    const { app, request } = await start();
    const asked = jest.fn(() => new Promise<void>(() => undefined));
    app.get(MaintenanceRepository).ping = asked;
    const begunAtMs = performance.now();
    await app.get(StoreProbe).probe();
    await request.get('/health/ready').expect(503);
    expect(performance.now() - begunAtMs).toBeLessThan(10_000);
    await request.get('/health').expect(503);
    await app.get(StoreProbe).probe();
    expect(asked).toHaveBeenCalledTimes(1); // the check that hangs
  });

  it('asks the store once a second, however many ask for health', async () => {
    const { app, request } = await start();
    const maintenance = app.get(MaintenanceRepository);
    const asked = jest.fn(maintenance.ping.bind(maintenance));
    maintenance.ping = asked;
    const begunAtMs = performance.now();
    let answers = 0;
    while (performance.now() - begunAtMs < 2500) {
      const paths = ['/health', '/health/ready', '/health/live', '/health'];
      await Promise.all(
        Array.from({ length: 200 }, (_, i) => request.get(paths[i % paths.length] ?? '').expect(200)),
      );
      answers += 200;
    }
    expect(answers).toBeGreaterThan(0);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(1 + (performance.now() - begunAtMs) / 1000);
  });
});

describe('The delay of the event loop', () => {
  it('is seen', async () => {
    const loopDelay = new EventLoopDelay();
    loopDelay.onApplicationBootstrap();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const until = performance.now() + 200;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 50));
    loopDelay.startWindow();
    expect(loopDelay.p99Ms).toBeGreaterThan(100);
    loopDelay.startWindow();
    loopDelay.onApplicationShutdown();
  });
});
