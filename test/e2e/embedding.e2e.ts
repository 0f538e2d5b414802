import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Body,
  Controller,
  Get,
  Injectable,
  Module,
  Post,
  type CanActivate,
  type DynamicModule,
  type INestApplication,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Interval, ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import {
  InjectLane,
  LaneHandler,
  LaneHandlerError,
  OnIngestionFinished,
  Sluice,
  SluiceModule,
  type DispatchContext,
  type DispatchHandler,
  type FinishedList,
  type HandlerResult,
  type SluiceLane,
} from '../../src/index.js';
import { RecordingHandler, VirtualClock } from '../../src/testing.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

const newFolder = useTempFolders();
const apps: INestApplication[] = [];
const LARGE_ID = 10_000_000_000_000_000_007n;

@Injectable()
class Recorder {
  readonly calls: (readonly bigint[])[] = [];
  readonly contexts: DispatchContext[] = [];
  respond: (ids: readonly bigint[]) => Promise<readonly HandlerResult[] | undefined> = () =>
    Promise.resolve(undefined);
}

@LaneHandler('crm')
@Injectable()
class CrmHandler implements DispatchHandler {
  constructor(private readonly recorder: Recorder) {}

  async handle(
    ids: readonly bigint[],
    context: DispatchContext,
  ): Promise<readonly HandlerResult[] | undefined> {
    this.recorder.calls.push(ids);
    this.recorder.contexts.push(context);
    return this.recorder.respond(ids);
  }
}

@Injectable()
class Contacts {
  ticks = 0;
  readonly finished: FinishedList[] = [];
  failuresLeft = 0;

  constructor(@InjectLane('crm') readonly lane: SluiceLane) {}

  @OnIngestionFinished()
  onFinished(list: FinishedList): void {
    this.finished.push(list);
    if (this.failuresLeft > 0) {
      this.failuresLeft -= 1;
      throw new Error('not now');
    }
  }

  @Interval(20)
  tick(): void {
    this.ticks += 1;
  }
}

@Controller('host')
class HostController {
  @Get()
  hello(): string {
    return 'host';
  }

  @Post()
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

@Injectable()
class HostGuard implements CanActivate {
  guarded = 0;

  canActivate(): boolean {
    this.guarded += 1;
    return true;
  }
}

@Module({
  imports: [
    ScheduleModule.forRoot(),
    SluiceModule.registerLane({ name: 'crm', batchSize: 3, batchDelay: 0.01, retryBase: 0 }),
  ],
  controllers: [HostController],
  providers: [Recorder, CrmHandler, Contacts, HostGuard, { provide: APP_GUARD, useExisting: HostGuard }],
})
class HostModule {}

async function startHost(
  sluice: DynamicModule = SluiceModule.forRoot({
    dataDir: newFolder(),
    shutdownGrace: 1,
    http: { path: '/sluice' },
  }),
  adapter?: FastifyAdapter,
): Promise<{ app: INestApplication; url: string }> {
  const module = await Test.createTestingModule({ imports: [sluice, HostModule] }).compile();
  const app = adapter === undefined ? module.createNestApplication() : module.createNestApplication(adapter);
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  apps.push(app);
  return { app, url: await app.getUrl() };
}

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

describe('Sluice in a Nest application', () => {
  it('calls the handler of a lane at its pace, with exact ids, and keeps the list', async () => {
    const { app } = await startHost();
    const { lane } = app.get(Contacts);

    const { ingestionId, replayed } = await lane.submit([1, 2, 3, LARGE_ID], { priority: 'HIGH' });
    await waitFor('the list to end', async () => (await lane.status(ingestionId)).status === 'completed');

    expect(replayed).toBe(false);
    expect(app.get(Recorder).calls).toEqual([[1n, 2n, 3n], [LARGE_ID]]);
    expect(app.get(Recorder).contexts[0]).toMatchObject({ lane: 'crm', dispatchId: expect.any(String) });
    expect(await lane.status(ingestionId)).toMatchObject({ total: 4, completed: 4, priority: 'HIGH' });
  });

  it('retries what the handler rejects, and fails what it rejects for good', async () => {
    const { app } = await startHost();
    const recorder = app.get(Recorder);
    recorder.respond = (ids) => {
      if (recorder.calls.length === 1) {
        throw new LaneHandlerError('try again');
      }
      return Promise.resolve(
        ids.map((id) =>
          id === 2n ? { id, ok: false, message: 'unknown', permanent: true } : { id, ok: true },
        ),
      );
    };
    const { lane } = app.get(Contacts);
    const { ingestionId } = await lane.submit([1, 2]);
    await waitFor('the list to end', async () => (await lane.status(ingestionId)).status === 'failed');

    expect(recorder.calls.slice(0, 2)).toEqual([
      [1n, 2n],
      [1n, 2n],
    ]);
    expect(await lane.status(ingestionId)).toMatchObject({ completed: 1, failed: 1 });
  });

  it('tells the application that a list has ended, again if it could not take it', async () => {
    const { app } = await startHost();
    const contacts = app.get(Contacts);
    contacts.failuresLeft = 1;
    const { ingestionId } = await contacts.lane.submit([1, 2]);
    await waitFor('two calls', () => contacts.finished.length === 2);

    const end = { ingestionId, status: 'completed', priority: 'MEDIUM', total: 2, completed: 2, failed: 0 };
    expect(contacts.finished).toMatchObject([end, end]);
  });

  it('refuses bad lists with the fields that are wrong', async () => {
    const { app } = await startHost();
    const { lane } = app.get(Contacts);

    await expect(lane.submit([])).rejects.toMatchObject({ name: 'SluiceError', kind: 'invalid' });
    await expect(lane.submit([1, 0])).rejects.toMatchObject({ fields: [{ field: 'ids[1]' }] });
    await expect(lane.submit([1.5])).rejects.toMatchObject({ kind: 'mismatch' });
    await expect(lane.status('0198c0de-0000-7000-8000-000000000000')).rejects.toMatchObject({
      kind: 'not_found',
    });
    await expect(app.get(Sluice).submit('nowhere', [1])).rejects.toMatchObject({
      fields: [{ field: 'lane' }],
    });
  });

  it.each([
    ['Express', undefined],
    ['Fastify', FastifyAdapter],
  ])('is served under its path, and leaves the rest to the host, on %s', async (_, Adapter) => {
    const { app, url } = await startHost(undefined, Adapter && new Adapter());
    const json = (body: string): RequestInit => ({
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });

    const accepted = await fetch(
      `${url}/sluice/ingest`,
      json(`{"ids":[1,${String(LARGE_ID)}],"priority":"LOW","lane":"crm"}`),
    );
    expect(accepted.status).toBe(200);
    expect(accepted.headers.get('location')).toMatch(/^\/sluice\/status\//);
    await waitFor('the call', () => app.get(Recorder).calls.flat().includes(LARGE_ID));
    expect((await fetch(`${url}/sluice/health`)).status).toBe(200);
    expect((await fetch(`${url}/sluice/nowhere`)).headers.get('content-type')).toContain('problem+json');
    expect((await fetch(`${url}/sluice/openapi.json`)).status).toBe(200);
    expect((await fetch(`${url}/sluice`, { redirect: 'manual' })).headers.get('location')).toBe('/sluice/');
    expect(app.get(HostGuard).guarded).toBe(0);

    expect(await (await fetch(`${url}/host`)).text()).toBe('host');
    expect(await (await fetch(`${url}/host`, json('{"a":1}'))).json()).toEqual({ a: 1 });
    expect((await (await fetch(`${url}/nowhere`)).json()) as object).toHaveProperty('statusCode', 404);
    expect((await fetch(`${url}/sluices`)).status).toBe(404);
    expect(app.get(HostGuard).guarded).toBe(2);
  });

  it("imposes no interval of its own on the host, and runs the host's once", async () => {
    const { app } = await startHost();
    const contacts = app.get(Contacts);
    const before = contacts.ticks;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(contacts.ticks - before).toBeLessThanOrEqual(21);
  });

  it('keeps several instances apart, each with its lanes, store and path', async () => {
    const billing = new RecordingHandler();
    @LaneHandler('default', 'billing')
    class Billing {
      handle = billing.handle.bind(billing);
    }
    @Module({
      imports: [
        SluiceModule.forRoot({
          name: 'billing',
          dataDir: newFolder(),
          batchDelay: 0.01,
          http: { path: '/billing' },
        }),
      ],
      providers: [Billing],
    })
    class BillingModule {}
    @Module({
      imports: [SluiceModule.forRoot({ dataDir: newFolder(), http: { path: '/sluice' } }), BillingModule],
    })
    class BothModule {}
    const { app, url } = await startHost({ module: BothModule });

    const { ingestionId } = await app.get<Sluice>('Sluice:billing').submit('default', [7]);
    await waitFor('the call', () => billing.calls.length === 1);

    expect(billing.calls[0]?.ids).toEqual([7n]);
    expect(app.get(Recorder).calls).toEqual([]);
    expect((await fetch(`${url}/billing/status/${ingestionId}`)).status).toBe(200);
    expect((await fetch(`${url}/sluice/status/${ingestionId}`)).status).toBe(404);
  });

  it.each([
    ['a setting that is not valid', { batchSize: 0 }, 'batchSize must not be less than 1, not "0"'],
    ['an unknown setting', { batchSiz: 7 }, 'batchSiz is no setting'],
    [
      'a lane without an upstream',
      { lanes: { erp: {} } },
      'lane erp has neither a handler nor an externalApiUrl',
    ],
    ['a lane that is registered twice', { lanes: { crm: {} } }, 'lane crm is registered twice'],
    [
      'a setting of a lane that is not valid',
      { lanes: { erp: { batchDelay: -1 } } },
      'lane erp: batchDelay must not be less than 0, not "-1"',
    ],
    ['a bad path', { http: { path: 'sluice/' } }, 'http.path must be a path such as /sluice, not "sluice/"'],
  ])('does not start with %s, and says why', async (_, options, message) => {
    const start = startHost(SluiceModule.forRoot({ dataDir: newFolder(), ...options }));

    await expect(start).rejects.toMatchObject({ name: 'SluiceError', kind: 'misconfigured', message });
  });

  it('follows the time of a test: an hour of dispatches takes no time', async () => {
    const clock = new VirtualClock();
    const handler = new RecordingHandler();
    @LaneHandler('default')
    class Slow {
      handle = handler.handle.bind(handler);
    }
    @Module({
      imports: [SluiceModule.forRoot({ dataDir: newFolder(), clock, batchDelay: 600 })],
      providers: [Slow],
    })
    class SlowModule {}
    const { app } = await startHost({ module: SlowModule });

    await app
      .get(Sluice)
      .lane()
      .submit(Array.from({ length: 18 }, (_, i) => i + 1));
    await clock.advance(0);
    expect(handler.calls).toHaveLength(1);
    await clock.advance(599_000);
    expect(handler.calls).toHaveLength(1);
    await clock.advance(1_000);
    expect(handler.calls).toHaveLength(2);
    await clock.advance(4 * 600_000);
    expect(handler.calls.map(({ ids }) => ids.length)).toEqual([3, 3, 3, 3, 3, 3]);
  });
});
