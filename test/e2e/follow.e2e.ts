import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { useApps, type TestApp } from '../support/app.js';
import { EventStream, type StreamEvent } from '../support/event-stream.js';
import { usePostgres } from '../support/postgres-stores.js';
import { ScriptedApi, succeed } from '../support/scripted-api.js';
import { waitFor } from '../support/wait-for.js';

/** An upstream whose calls end when the test allows it. */
class HeldApi extends ScriptedApi {
  private readonly held: (() => void)[] = [];

  constructor() {
    super(async (call) => {
      await new Promise<void>((resolve) => {
        this.held.push(resolve);
      });
      return succeed(call);
    });
  }

  async letOneEnd(): Promise<void> {
    await waitFor('a held call', () => this.held.length > 0);
    this.held.shift()?.();
  }
}

async function follow({ app }: TestApp, id: string, lastEventId?: string): Promise<EventStream> {
  if (!app.getHttpServer().listening) {
    await app.listen(0, '127.0.0.1');
  }
  return EventStream.open(`${await app.getUrl()}/status/${id}/events`, lastEventId);
}

/** Waits until a call is in flight: nothing changes until it ends. */
async function untilInFlight({ api }: TestApp): Promise<void> {
  await waitFor('a call', () => api.calls.length > 0);
}

/** Reads events up to the first of this type. */
async function upTo(events: AsyncGenerator<StreamEvent, undefined>, type: string): Promise<StreamEvent[]> {
  const seen: StreamEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) {
      return seen;
    }
    seen.push(next.value);
    if (next.value.type === type) {
      return seen;
    }
  }
}

const typesOf = (events: readonly StreamEvent[]): string => events.map(({ type }) => type).join();

describe('GET /status/{id}/events', () => {
  const start = useApps();

  it('tells of each change, and ends', async () => {
    const api = new HeldApi();
    const app = await start({ BATCH_DELAY: '0', MAX_IN_FLIGHT: '1' }, api);
    const id = await app.client.submit([1, 2, 3, 4, 5]);
    const stream = await follow(app, id);
    const events = stream.events();

    const first = await upTo(events, 'progress');
    expect(typesOf(first)).toBe('status,batch,progress');
    expect(first[0]?.data).toEqual({ status: 'triggered' });
    expect(first[1]?.data).toMatchObject({ ids: [1, 2, 3], status: 'triggered' });
    expect(first[2]?.data).toMatchObject({ total: 5, in_flight: 3, percent: 0 });
    await api.letOneEnd();
    await api.letOneEnd();
    const rest = await upTo(events, 'done');
    expect(rest.filter(({ type }) => type === 'batch').at(-1)?.data).toMatchObject({
      ids: [4, 5],
      status: 'completed',
    });
    expect(typesOf(rest.slice(-2))).toBe('progress,done');
    expect(rest.at(-1)).toEqual({ type: 'done', id: 'done', data: { status: 'completed' } });
    expect(await upTo(events, 'none')).toEqual([]);
  });

  it('tells what holds the list as its status does, and when that changes', async () => {
    const app = await start({ BATCH_DELAY: '3600' });
    const id = await app.client.submit([1, 2, 3, 4, 5]);
    const events = (await follow(app, id)).events();
    const first = (await upTo(events, 'held_by')).at(-1);
    expect(first?.data).toMatchObject({ held_by: { kind: 'pace' } });
    await app.request.post('/queue/pause').expect(200);
    const paused = (await upTo(events, 'held_by')).at(-1);
    expect(paused?.data).toEqual({ held_by: (await app.client.status(id))['held_by'] });
    expect(paused?.data).toMatchObject({ held_by: { kind: 'paused' } });
  });

  it('tells of one that has ended already, and ends', async () => {
    const app = await start({ BATCH_DELAY: '0' });
    const id = await app.client.submit([1]);
    await (await follow(app, id)).toEnd();

    expect(typesOf(await (await follow(app, id)).toEnd())).toBe('status,batch,progress,done');
  });

  it('goes on after a restart from the last event: what changed meanwhile is told, what had ended is not', async () => {
    const api = new HeldApi();
    const before = await start({ BATCH_DELAY: '0', MAX_IN_FLIGHT: '1' }, api);
    const id = await before.client.submit([1, 2, 3, 4, 5, 6, 7]);
    const stream = await follow(before, id);
    const events = stream.events();
    await upTo(events, 'progress');
    await api.letOneEnd();
    let last = '0';
    while (last === '0') {
      last = (await upTo(events, 'progress')).at(-1)?.id ?? '0';
    }
    stream.close();
    await before.app.close();
    const after = await start({ BATCH_DELAY: '0', DATA_DIR: before.dataDir });

    const resumed = await (await follow(after, id, last)).toEnd();
    const told = resumed.filter(({ type }) => type === 'batch').map(({ data }) => data as { ids: number[] });
    expect(last).toBe('1');
    expect([...new Set(told.flatMap(({ ids }) => ids))]).toEqual([4, 5, 6, 7]);
    expect(resumed.at(-1)?.type).toBe('done');
  });

  it('has nothing more for who has had the last event, and nothing for an unknown one', async () => {
    const app = await start();
    const id = await app.client.submit([1]);

    expect((await follow(app, id, 'done')).status).toBe(204);
    expect((await follow(app, 'unknown')).status).toBe(404);
  });

  it('ends when the service stops', async () => {
    const app = await start({}, new HeldApi());
    const stream = await follow(app, await app.client.submit([1]));
    const events = stream.events();
    await upTo(events, 'progress');
    const closed = app.app.close();

    expect(await upTo(events, 'done')).toEqual([]);
    await closed;
  });
});

describe('GET /status/{id}?wait=', () => {
  const start = useApps();

  async function timeOf(work: () => Promise<unknown>): Promise<number> {
    const startMs = performance.now();
    await work();
    return performance.now() - startMs;
  }

  it('answers as soon as something changes', async () => {
    const api = new HeldApi();
    const app = await start({}, api);
    const id = await app.client.submit([1]);
    await untilInFlight(app);
    const waiting = Promise.resolve(app.request.get(`/status/${id}?wait=60`).expect(200)); // sent from here on
    await sleep(50);
    await api.letOneEnd();

    expect((await waiting).body).toMatchObject({ status: 'completed' });
  });

  it('answers after the time where nothing does', async () => {
    const app = await start({}, new HeldApi());
    const id = await app.client.submit([1]);
    await untilInFlight(app);

    expect(await timeOf(() => app.request.get(`/status/${id}?wait=1`).expect(200))).toBeGreaterThan(900);
  });

  it('answers at once what has ended, and whoever holds another answer than this', async () => {
    const app = await start({ BATCH_DELAY: '0' });
    const id = await app.client.submit([1]);
    await app.request.get(`/status/${id}?wait=60`).expect(200);
    await app.request.get(`/status/${id}?wait=60`).expect(200);
    const held = new HeldApi();
    const other = await start({}, held);
    const running = await other.client.submit([1]);

    await other.request.get(`/status/${running}?wait=60`).set('If-None-Match', '"another"').expect(200);
  });

  it('answers 304 after the time to whoever holds this answer', async () => {
    const api = new HeldApi();
    const app = await start({}, api);
    const id = await app.client.submit([1]);
    await untilInFlight(app);
    const { headers } = await app.request.get(`/status/${id}?batches=none`);
    const answer = app.request
      .get(`/status/${id}?batches=none`)
      .set('If-None-Match', String(headers['etag']))
      .set('Prefer', 'respond-async, wait=1');

    expect((await answer.expect(304)).headers['preference-applied']).toBe('wait=1');
  });

  it('is 404 for an unknown one, and 400 for longer than may be waited', async () => {
    const app = await start();
    await app.request.get('/status/unknown?wait=1').expect(404);
    const { body } = await app.request.get('/status/unknown?wait=61').expect(400);
    expect(body.detail).toBe('wait must be an integer from 0 to 60');
  });
});

describe('Replicas on PostgreSQL', () => {
  const start = useApps();
  const stores = usePostgres();

  it('tell of what the others do', async () => {
    const variables = { DATABASE_URL: stores.url, DATABASE_SCHEMA: stores.emptySchema(), BATCH_DELAY: '0' };
    const api = new HeldApi();
    const working = await start({ ...variables, MAX_IN_FLIGHT: '1' }, api);
    const id = await working.client.submit([1, 2, 3, 4, 5]);
    await untilInFlight(working);
    const idle = new HeldApi();
    const watching = await start({ ...variables, MAX_IN_FLIGHT: '1' }, idle);
    await untilInFlight(watching);
    const ended = (await follow(watching, id)).toEnd();
    await api.letOneEnd();
    await idle.letOneEnd();

    expect((await ended).at(-1)).toMatchObject({ type: 'done', data: { status: 'completed' } });
  });

  it('tell of what was cancelled on another one', async () => {
    const variables = { DATABASE_URL: stores.url, DATABASE_SCHEMA: stores.emptySchema(), BATCH_DELAY: '0' };
    const [one, other] = [await start(variables), await start(variables)];
    await one.request.post('/queue/pause').expect(200);
    const id = await one.client.submit([1, 2, 3, 4]);
    const ended = (await follow(other, id)).toEnd();
    await one.request.post(`/ingestions/${id}/cancel`).expect(200);

    const events = await ended;
    expect(events.at(-1)).toMatchObject({ type: 'done', data: { status: 'cancelled' } });
    expect(events.findLast(({ type }) => type === 'progress')?.data).toMatchObject({
      cancelled: 4,
      percent: 100,
    });
    expect(other.api.calls).toEqual([]);
  });
});
