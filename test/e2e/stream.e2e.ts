import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { StatusService } from '../../src/ingestion/status/status.service.js';
import { RetentionService } from '../../src/operations/retention/retention.service.js';
import { ShutdownState } from '../../src/platform/lifecycle/shutdown-state.js';
import { SqliteDatabase } from '../../src/storage/sqlite/database/database.js';
import { SqliteStagingRepository } from '../../src/storage/sqlite/ingestion/staging.repository.js';
import { useApps, type TestApp } from '../support/app.js';
import { listen, sendRaw } from '../support/raw-http.js';
import { waitFor } from '../support/wait-for.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';

jest.setTimeout(60_000);

const PLAIN = 'text/plain';
const CSV = 'text/csv';
const NDJSON = 'application/x-ndjson';
const LARGEST = '10000000000000000007';
const ID_RULE = 'must be an integer from 1 to 10000000000000000007';

interface Answer {
  readonly status: number;
  readonly body: { ingestion_id?: string; total?: number; detail?: string; errors?: unknown };
  readonly headers: Readonly<Record<string, string>>;
}

describe('POST /ingest/stream', () => {
  const start = useApps();
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Starts a paused service: nothing is sent, so that pending ids can be checked. */
  const startPaused = (variables: Readonly<Record<string, string>> = {}): Promise<TestApp> =>
    pause(start(variables));

  async function pause(starting: Promise<TestApp>): Promise<TestApp> {
    const service = await starting;
    await service.request.post('/queue/pause');
    return service;
  }

  async function stream(
    { request }: TestApp,
    type: string,
    list: string | Buffer,
    {
      query = 'priority=LOW',
      headers = {},
    }: { query?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> {
    const sending = request.post(`/ingest/stream?${query}`).set('Content-Type', type).set(headers);
    const {
      status,
      body,
      headers: answered,
    } = await sending.serialize((text: unknown) => text as string).send(list);
    return { status, body: body as Answer['body'], headers: answered };
  }

  async function idsOf({ request }: TestApp, ingestionId = ''): Promise<string[]> {
    const { text } = await request.get(`/status/${ingestionId}`).buffer(true);
    return [...text.matchAll(/"ids":\[([\d,]*)\]/g)].flatMap(([, ids = '']) => ids.split(','));
  }

  async function waiting({ request }: TestApp): Promise<number> {
    const { text } = await request.get('/queue');
    return (JSON.parse(text) as { waiting: { total: number } }).waiting.total;
  }

  /** Removes abandoned lists, then reads the rows of lists that were not accepted. */
  async function leftBehind({ app, dataDir }: TestApp): Promise<unknown> {
    await app.get(RetentionService).deleteFinished();
    await app.close();
    const database = SqliteDatabase.open(dataDir, new SystemRuntime());
    const rows = database
      .prepare(
        `SELECT (SELECT count(*) FROM staging) AS staging, (SELECT count(*) FROM removal) AS removal,
                (SELECT count(*) FROM chunk) AS chunks, (SELECT count(*) FROM ingestion) AS ingestions`,
      )
      .get();
    database.close();
    return { ...rows };
  }

  const NOTHING = { staging: 0, removal: 0, chunks: 0, ingestions: 0 };

  it.each([
    ['an id a line', PLAIN, `1\n9007199254740993\n${LARGEST}\n`],
    ['without a last line end', PLAIN, `1\n9007199254740993\n${LARGEST}`],
    [
      'with CR LF, blank lines, blanks and a byte order mark',
      PLAIN,
      `\ufeff1\r\n\r\n 9007199254740993\t\r\n${LARGEST}\r\n\r\n \r\n`,
    ],
    ['integers a line', NDJSON, `1\n9007199254740993\n${LARGEST}\n`],
    ['objects a line', NDJSON, `{"id":1}\n{ "id" : 9007199254740993 }\r\n{"\\u0069\\u0064": ${LARGEST}}\n\n`],
    ['CSV without a header', CSV, `1\n9007199254740993\n${LARGEST}\n`],
    [
      'CSV with a header, quotes and other columns',
      CSV,
      `\ufeffid,name\r\n1,"Ada, of\r\nLondon"\r\n"9007199254740993",\r\n${LARGEST},x\r\n\r\n`,
    ],
  ])('takes %s, exact to the last digit', async (_, type, list) => {
    const service = await startPaused();
    const { status, body, headers } = await stream(service, type, list);

    expect([status, body.total]).toEqual([200, 3]);
    expect(headers['location']).toBe(`/status/${String(body.ingestion_id)}`);
    expect(await idsOf(service, body.ingestion_id)).toEqual(['1', '9007199254740993', LARGEST]);
    expect(await waiting(service)).toBe(3);
  });

  it.each([
    ['column=b', '2'],
    ['column=2', '2'],
    ['column=1', '1'],
    ['', '1'],
  ])('takes the CSV column named by "%s"', async (column, expected) => {
    const service = await startPaused();
    const { body } = await stream(service, CSV, 'a,b\n1,2\n', { query: `priority=HIGH&${column}` });
    expect(await idsOf(service, body.ingestion_id)).toEqual([expected]);
  });

  it('takes gzip, in several members too', async () => {
    const service = await startPaused();
    const packed = Buffer.concat([gzipSync('1\n2\n'), gzipSync('3\n')]);
    const { status, body } = await stream(service, PLAIN, packed, {
      headers: { 'Content-Encoding': 'gzip' },
    });
    expect([status, body.total]).toEqual([200, 3]);
  });

  it.each([
    ['a word', PLAIN, '1\n2\nabc\n4\n', `line 3 ${ID_RULE}, not "abc"`],
    ['zero', PLAIN, '0\n', `line 1 ${ID_RULE}, not "0"`],
    ['one too large', PLAIN, '1\n10000000000000000008', `line 2 ${ID_RULE}, not "10000000000000000008"`],
    ['a sign', PLAIN, '\n-1\n', `line 2 ${ID_RULE}, not "-1"`],
    ['a fraction', PLAIN, '1.0\n', `line 1 ${ID_RULE}, not "1.0"`],
    ['leading zeros', PLAIN, '007\n', `line 1 ${ID_RULE}, not "007"`],
    ['a NUL', PLAIN, '1\0\n', `line 1 ${ID_RULE}, not "1\\u0000"`],
    ['two ids', PLAIN, '1,2\n', `line 1 ${ID_RULE}, not "1,2"`],
    ['Latin-1', PLAIN, Buffer.from([0x31, 0x0a, 0xe9, 0x0a]), `line 2 ${ID_RULE}, not "\ufffd"`],
    ['UTF-16', PLAIN, Buffer.from('\ufeff1\n', 'utf16le'), `line 1 ${ID_RULE}, not "\ufffd\ufffd1\\u0000"`],
    ['a long line', PLAIN, `1\n${'7'.repeat(1001)}\n`, 'line 2 is longer than 1000 bytes'],
    ['much text, cut', PLAIN, `${'x'.repeat(900)}\n`, `line 1 ${ID_RULE}, not "${'x'.repeat(40)}…"`],
    [
      'another field',
      NDJSON,
      '{"id":1,"x":2}\n',
      `line 1 ${ID_RULE}, or {"id": such an integer}, not "{\\"id\\":1,\\"x\\":2}"`,
    ],
    [
      'a text as id',
      NDJSON,
      '{"id":"1"}\n',
      `line 1 ${ID_RULE}, or {"id": such an integer}, not "{\\"id\\":\\"1\\"}"`,
    ],
    ['a bad field in CSV', CSV, 'id\n1\nabc\n', `line 3 ${ID_RULE}, not "abc"`],
    ['a number first in CSV', CSV, '1e5\n1\n', `line 1 ${ID_RULE}, not "1e5"`],
    [
      'a short line in CSV',
      CSV,
      'id,x\n1,2\n3\n',
      'line 3 is not CSV: Invalid Record Length: expect 2, got 1 on line 3',
    ],
    ['an open quote in CSV', CSV, 'id\n"1\n', expect.stringMatching(/^line \d is not CSV: Quote Not Closed/)],
    ['nothing', PLAIN, '', 'the list holds no id'],
    ['blank lines', NDJSON, '\n\r\n  \n', 'the list holds no id'],
    ['a header alone', CSV, 'id\r\n', 'the list holds no id'],
    ['a byte order mark alone', PLAIN, '\ufeff', 'the list holds no id'],
  ])('refuses %s: 400, and queues nothing', async (_, type, list, detail) => {
    const service = await startPaused();
    const { status, body } = await stream(service, type, list);

    expect([status, body.detail]).toEqual([400, detail]);
    expect(await waiting(service)).toBe(0);
    expect(await leftBehind(service)).toEqual(NOTHING);
  });

  it('names the line of an error far behind, and gives up what was staged', async () => {
    const service = await startPaused();
    const lines = Array.from({ length: 50_000 }, (_, i) => String(i + 1));
    lines[49_998] = 'oops';
    const { body } = await stream(service, PLAIN, lines.join('\r\n'));

    expect(body).toMatchObject({
      detail: `line 49999 ${ID_RULE}, not "oops"`,
      errors: [{ field: 'line 49999', message: `${ID_RULE}, not "oops"` }],
    });
    expect(await leftBehind(service)).toEqual(NOTHING);
  });

  it.each([
    ['no priority', PLAIN, '', 400],
    ['an unknown priority', PLAIN, 'priority=low', 400],
    ['an unknown parameter', PLAIN, 'priority=LOW&x=1', 400],
    ['a column of a plain list', PLAIN, 'priority=LOW&column=1', 400],
    ['a column that is not there', CSV, 'priority=LOW&column=b', 400],
    ['a column number that is not there', CSV, 'priority=LOW&column=2', 400],
    ['JSON', 'application/json', 'priority=LOW', 415],
    ['a name of every object', 'constructor', 'priority=LOW', 415],
    ['another charset', 'text/plain; charset=utf-16', 'priority=LOW', 415],
  ])('refuses %s', async (_, type, query, expected) => {
    const service = await startPaused();
    expect((await stream(service, type, 'a\n1\n', { query })).status).toBe(expected);
    expect(await leftBehind(service)).toEqual(NOTHING);
  });

  it.each([
    ['an encoding it does not know', 'br', Buffer.from('1\n'), 415],
    ['what is not gzip', 'gzip', Buffer.from('1\n'), 400],
    ['gzip that breaks off', 'gzip', gzipSync('1\n2\n3\n').subarray(0, -6), 400],
    ['gzip that is damaged', 'gzip', damaged(gzipSync('1\n2\n3\n')), 400],
  ])('refuses %s', async (_, encoding, list, expected) => {
    const service = await startPaused();
    expect((await stream(service, PLAIN, list, { headers: { 'Content-Encoding': encoding } })).status).toBe(
      expected,
    );
    expect(await leftBehind(service)).toEqual(NOTHING);
  });

  it('takes MAX_STREAM_IDS ids and not one more', async () => {
    const service = await startPaused({ MAX_STREAM_IDS: '2500' });
    const list = '7\n'.repeat(2500);
    expect((await stream(service, PLAIN, list)).body.total).toBe(2500);
    const { status, body } = await stream(service, PLAIN, `${list}7\n`);
    expect([status, body.detail]).toEqual([413, 'the list holds more than 2500 ids']);
    expect(await waiting(service)).toBe(2500);
  });

  it.each([
    ['ids', '7\n', 413],
    ['one line', '7', 400],
    ['blank lines', '\n', 400],
  ])('a small body that unpacks to endless %s ends early', async (_, text, expected) => {
    const service = await startPaused({ MAX_STREAM_IDS: '100000' });
    const bomb = gzipSync(Buffer.alloc(64_000_000, text));
    const { status } = await stream(service, PLAIN, bomb, { headers: { 'Content-Encoding': 'gzip' } });
    expect(status).toBe(expected);
    expect(await leftBehind(service)).toEqual(NOTHING);
  });

  it.each([PLAIN, CSV])('an endless line of %s is answered while it comes', async (type) => {
    const service = await startPaused();
    const port = await listen(service.app);
    const piece = `${(50_000).toString(16)}\r\n${'7'.repeat(50_000)}\r\n`;
    const answer = await sendRaw(port, [head(type), ...Array<string>(10).fill(piece)]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('line 1 is ');
  });

  it('a list that trickles in is taken like any other', async () => {
    const service = await startPaused();
    const socket = await open(service.app);
    const answer = received(socket);
    for (const byte of `${head(PLAIN)}5\r\n1\r\n2\n\r\n0\r\n\r\n`) {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await until(answer, '"total":2')).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it('of a client that breaks off nothing is left', async () => {
    const service = await startPaused();
    const staging = watchStaging();
    const socket = await open(service.app);
    const lines = '1234567\n'.repeat(20_000);
    socket.write(`${head(PLAIN)}${lines.length.toString(16)}\r\n${lines}\r\n`);
    await staging.appended(4);
    socket.destroy();
    await staging.givenUp();

    expect(await waiting(service)).toBe(0);
    expect(await leftBehind(service)).toEqual(NOTHING);
  });

  it('a stop in the middle is answered with 503, and nothing is left', async () => {
    const service = await startPaused();
    const staging = watchStaging();
    const socket = await open(service.app);
    const answer = received(socket);
    const lines = '1234567\n'.repeat(20_000);
    socket.write(`${head(PLAIN)}${lines.length.toString(16)}\r\n${lines}\r\n`);
    await staging.appended(4);
    service.app.get(ShutdownState).onModuleDestroy();

    expect(await until(answer, 'the service is stopping')).toMatch(/^HTTP\/1\.1 503 [^]*Retry-After: /);
    socket.destroy();
    await service.app.close();
    const database = SqliteDatabase.open(service.dataDir, new SystemRuntime());
    expect({ ...database.prepare('SELECT count(*) AS staging FROM staging').get() }).toEqual({ staging: 0 });
    database.close();
  });

  it('the same key and list are one ingestion, another list is 422', async () => {
    const service = await startPaused();
    const headers = { 'Idempotency-Key': 'k' };
    const [one, two] = await Promise.all([
      stream(service, PLAIN, '1\n2\n', { headers }),
      stream(service, PLAIN, '1\n2\n', { headers }),
    ]);
    const asCsv = await stream(service, CSV, 'id\n1\n2\n', { headers });
    const other = await stream(service, PLAIN, '1\n3\n', { headers });

    expect(two.body).toEqual(one.body);
    expect(asCsv.body).toEqual(one.body);
    expect(asCsv.headers['idempotency-replayed']).toBe('true');
    expect([one, two].map((answer) => answer.headers['idempotency-replayed']).sort()).toEqual([
      'true',
      undefined,
    ]);
    expect(other.status).toBe(422);
    expect(await waiting(service)).toBe(2);
    expect(await leftBehind(service)).toMatchObject({ staging: 0, removal: 0, chunks: 1, ingestions: 1 });
  });

  it('an equal list is the same ingestion, however it comes', async () => {
    const service = await startPaused();
    const { body } = await service.request.post('/ingest').send({ ids: [1, 2], priority: 'LOW' });
    const streamed = await stream(service, PLAIN, '1\n2\n');
    const urgent = await stream(service, PLAIN, '1\n2\n', { query: 'priority=HIGH' });

    expect(streamed.body).toEqual({ ...(body as object), total: 2 });
    expect(urgent.body.ingestion_id).not.toBe(streamed.body.ingestion_id);
    expect(await waiting(service)).toBe(4);
  });

  it('a large JSON list is the same list, and is refused as a small one', async () => {
    const limits = { MAX_IDS_PER_REQUEST: '200000', BODY_LIMIT: '20mb' };
    const service = await startPaused(limits);
    const ids = Array.from({ length: 150_000 }, (_, i) => String(i + 1_000_000));
    ids[149_999] = LARGEST;
    const post = (list: readonly string[], tail = ''): Promise<{ status: number; body: unknown }> =>
      service.request
        .post('/ingest')
        .set('Content-Type', 'application/json')
        .serialize((text: unknown) => text as string)
        .send(`{"ids":[${list.join(',')}],"priority":"LOW"${tail}}`);
    const { body } = await post(ids);
    const { ingestion_id: id } = body as { ingestion_id: string };

    expect((await post(ids)).body).toEqual({ ingestion_id: id });
    expect((await stream(service, PLAIN, ids.join('\n'))).body).toEqual({ ingestion_id: id, total: 150_000 });
    expect((await idsOf(service, id)).join() === ids.join()).toBe(true);
    expect(await waiting(service)).toBe(150_000);
    const details = await Promise.all(
      [
        post(ids.with(140_000, '0')),
        post(ids.with(140_000, '1.5')),
        post(ids, ',"x":1'),
        post([...ids, ...ids]),
      ].map(async (answer) => ({
        status: (await answer).status,
        detail: ((await answer).body as { detail: string }).detail,
      })),
    );
    expect(details).toEqual([
      { status: 400, detail: `ids[140000] ${ID_RULE}` },
      { status: 422, detail: `ids[140000] ${ID_RULE}` },
      { status: 422, detail: 'x is not a known field' },
      { status: 413, detail: 'ids holds 300000 ids, at most 200000 are allowed' },
    ]);
  });

  it('a long list is shown page by page, others having their turn between two', async () => {
    const service = await startPaused();
    const { body } = await stream(service, PLAIN, '7\n'.repeat(9000));
    const status = service.app.get(StatusService);
    const first = await status.findPage(String(body.ingestion_id), 0, 100);
    const turnsBefore: number[] = [];
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    for await (const page of status.pagesAfter(first, 100)) {
      turnsBefore.push(turns);
      expect(page.batches).toHaveLength(100);
      const since = performance.now();
      while (performance.now() - since < 3); // busy for as long as a page takes, so that the interval is due
    }
    clearInterval(counting);
    expect(turnsBefore).toHaveLength(29);
    expect(turns).toBeGreaterThan(14);
  });
});

function head(type: string): string {
  return `POST /ingest/stream?priority=LOW HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n`;
}

function damaged(packed: Buffer): Buffer {
  const copy = Buffer.from(packed);
  copy[copy.length - 8] = 255 - (copy[copy.length - 8] ?? 0);
  return copy;
}

async function open(app: NestExpressApplication): Promise<Socket> {
  const port = await listen(app);
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(socket);
    });
    socket.on('error', () => undefined); // the service may have closed the connection
  });
}

function received(socket: Socket): () => string {
  let text = '';
  socket.on('data', (data) => (text += data.toString()));
  return () => text;
}

async function until(text: () => string, part: string): Promise<string> {
  await waitFor(part, () => text().includes(part));
  return text();
}

/** Watches the calls of the staging repository from here on. */
function watchStaging(): { appended(blocks: number): Promise<void>; givenUp(): Promise<void> } {
  const append = jest.spyOn(SqliteStagingRepository.prototype, 'append');
  const giveUp = jest.spyOn(SqliteStagingRepository.prototype, 'abandon');
  return {
    appended: async (blocks) => {
      await waitFor(`${String(blocks)} staged blocks`, () => append.mock.calls.length >= blocks);
    },
    givenUp: async () => {
      await waitFor('a list to be given up', () => giveUp.mock.calls.length > 0);
    },
  };
}
