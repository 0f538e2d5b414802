import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SqliteStagingRepository } from '../../src/storage/sqlite/ingestion/staging.repository.js';
import { useApps, type TestApp } from '../support/app.js';
import { listen } from '../support/raw-http.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const IDS = '1234567\n'.repeat(20_000);
/** Records of 9 kB with one id: no limit of ids applies to them. */
const WIDE_RECORDS = `7,${'x'.repeat(9000)}\n`.repeat(300);

describe('A streamed list', () => {
  const start = useApps();
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function stream(
    { request }: TestApp,
    type: string,
    list: string | Buffer,
  ): Promise<{ status: number; detail: string | undefined }> {
    const headers = typeof list === 'string' ? {} : { 'Content-Encoding': 'gzip' };
    const { status, body } = await request
      .post('/ingest/stream?priority=LOW')
      .set('Content-Type', type)
      .set(headers)
      .serialize((text: unknown) => text as string)
      .send(list);
    return { status, detail: (body as { detail?: string }).detail };
  }

  it('is refused with 413 where it is larger than STREAM_LIMIT, packed or not', async () => {
    const service = await start({ STREAM_LIMIT: '100kb' });
    for (const list of [IDS, gzipSync(IDS)]) {
      expect(await stream(service, 'text/plain', list)).toEqual({
        status: 413,
        detail: 'the body is larger than 102400 bytes',
      });
    }
    expect((await stream(service, 'text/plain', gzipSync(IDS.slice(0, 80_000)))).status).toBe(200);
  });

  it.each(['text/csv', 'text/plain', 'application/x-ndjson'])(
    'of %s is refused with 413 where it unpacks to more than 100 times what was sent',
    async (type) => {
      const service = await start();
      const list = type === 'text/csv' ? WIDE_RECORDS : `7${' '.repeat(990)}\n`.repeat(3000);
      expect(await stream(service, type, gzipSync(list))).toEqual({
        status: 413,
        detail: 'the body unpacks to more than 100 times the bytes that were sent',
      });
      expect((await stream(service, type, list)).status).toBe(200);
      expect((await stream(service, type, gzipSync(list.slice(0, 900_000)))).status).toBe(200);
    },
  );

  it('is given up when its client leaves after the last byte', async () => {
    const service = await start();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { append } = SqliteStagingRepository.prototype;
    const appended = jest
      .spyOn(SqliteStagingRepository.prototype, 'append')
      .mockImplementation(async function (this: SqliteStagingRepository, ...block) {
        await held;
        return append.apply(this, block);
      });
    const abandoned = jest.spyOn(SqliteStagingRepository.prototype, 'abandon');
    const port = await listen(service.app);
    const left = new Promise((resolve) => {
      service.app.getHttpServer().once('connection', (socket) => {
        socket.once('close', resolve);
      });
    });
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /ingest/stream?priority=LOW HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${String(IDS.length)}\r\n\r\n`,
    );
    socket.write(IDS);
    await waitFor('the first block to arrive', () => appended.mock.calls.length > 0);
    socket.destroy();
    await left;
    release();
    await waitFor('the list to be given up', () => abandoned.mock.calls.length > 0);
    expect(appended.mock.calls.length).toBeLessThan(4);
    const { ingestions } = await service.client.get<{ ingestions: unknown[] }>('/ingestions');
    expect(ingestions).toEqual([]);
  });
});
