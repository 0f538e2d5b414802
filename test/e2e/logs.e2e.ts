import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';
import { useApps } from '../support/app.js';
import { useBuiltService } from '../support/built-service.js';
import { listen, sendRaw } from '../support/raw-http.js';

jest.setTimeout(30_000);

const JSON_BODY = { 'Content-Type': 'application/json' };
const LINES = 5000;

describe('X-Request-Id', () => {
  const start = useApps();

  it('comes back on every answer as the client gave it', async () => {
    const { request } = await start({ BODY_LIMIT: '1kb' });
    const longest = 'a'.repeat(128);
    const answers = [
      await request
        .post('/ingest')
        .set('X-Request-Id', longest)
        .send({ ids: [1], priority: 'LOW' }),
      await request.post('/ingest').set('X-Request-Id', longest).send({ ids: [], priority: 'LOW' }),
      await request
        .post('/ingest')
        .set('X-Request-Id', longest)
        .send({ ids: 'x'.repeat(2000) }),
      await request.put('/ingest').set('X-Request-Id', longest),
      await request.get('/nowhere').set('X-Request-Id', longest),
      await request.get('/health').set('X-Request-Id', longest),
      await request.get('/openapi.json').set('X-Request-Id', longest),
      await request.get('/docs/assets/swagger-ui.css').set('X-Request-Id', longest),
    ];
    expect(answers.map(({ status, headers }) => [status, headers['x-request-id']])).toEqual(
      [200, 400, 413, 405, 404, 200, 200, 200].map((status) => [status, longest]),
    );
  });

  it('is made where the client gave none, or one that is not usable, and is never the same twice', async () => {
    const { request } = await start();
    const ids: string[] = [];
    for (const given of [undefined, '', 'a b', 'a"b', '\u00e4', 'a'.repeat(129), '<x>']) {
      const { headers } = await request
        .get('/health')
        .set(given === undefined ? {} : { 'X-Request-Id': given });
      ids.push(String(headers['x-request-id']));
    }
    expect(ids.filter((id) => !/^[\w.-]{10,40}$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('stands on what the HTTP parser refuses, too', async () => {
    const { app } = await start();
    const answer = await sendRaw(await listen(app), ['NOT HTTP\r\n\r\n']);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(.*\r\n)*X-Request-Id: \S{10,40}\r\n/);
  });
});

describe('The log of the service', () => {
  const start = useBuiltService();

  it('is lines of JSON: those of a request have its id, those of a dispatch its ids', async () => {
    const service = await start({ LOG_LEVEL: 'DEBUG', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' });
    const headers = { ...JSON_BODY, 'X-Request-Id': 'the-client-s' };
    const body = '{"ids":[1,2],"priority":"HIGH"}';
    const answer = await fetch(`${service.url}/ingest`, { method: 'POST', headers, body });
    const { ingestion_id: ingestionId } = (await answer.json()) as { ingestion_id: string };
    expect(await service.stop()).toBe(0);
    const lines = service.printed
      .trimEnd()
      .split('\n')
      .slice(1) // the first line may be truncated: only the end is kept
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const ofRequest = lines.filter((line) => 'request_id' in line);
    expect(ofRequest).toMatchObject([
      { request_id: 'the-client-s', msg: 'POST /ingest 200', level: 'debug' },
    ]);
    const ofDispatch = lines.filter((line) => line['context'] === 'Dispatch');
    const [, dispatchId] = /^dispatch (\S+) began/.exec(String(ofDispatch[0]?.['msg'])) ?? [];
    expect(ofDispatch).toMatchObject(
      Array(2).fill({
        level: 'info',
        dispatch_id: dispatchId,
        ingestion_ids: [ingestionId],
        lane: 'default',
      }),
    );
    expect(lines.at(-1)).toMatchObject({ msg: 'stopped' });
    expect(service.printed).not.toContain('trace_id');
  });

  it('has no line for a request that went well, unless asked for', async () => {
    const service = await start();
    await fetch(`${service.url}/health`);
    await service.stop();
    expect(service.printed).not.toContain('/health');
  });

  it.each([
    ['a stop', 'process.exit(0)', 0, []],
    ['a defect', 'throw new Error("broken")', 1, ['a defect ends the service']],
  ])('loses nothing at its end by %s', (_, end, exitCode, last) => {
    const logging = pathToFileURL(join(import.meta.dirname, '../../dist/platform/logging/')).href;
    const domain = pathToFileURL(join(import.meta.dirname, '../../dist/domain/')).href;
    const program = `
      const { createPinoLogger, openLogStream, logUncaughtErrors } = await import('${logging}pino-logger.js');
      const { SystemRuntime } = await import('${domain}system-runtime.js');
      const logger = createPinoLogger('INFO', await openLogStream(new SystemRuntime()));
      logUncaughtErrors(logger);
      for (let i = 0; i < ${String(LINES)}; i++) logger.info('line ' + i);
      setTimeout(() => {
        for (let i = 0; i < ${String(LINES)}; i++) logger.info('line ' + (${String(LINES)} + i));
        ${end};
      }, 1);`;
    const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const messages = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
    const lines = [...Array.from({ length: 2 * LINES }, (_, i) => `line ${String(i)}`), ...last];
    const places = messages.map((message) => lines.indexOf(message));
    const backwards = places.filter((place, i) => place < (places[i - 1] ?? 0));
    expect(backwards.length).toBeLessThanOrEqual(1); // a write that runs at the exit may end after the others
    expect(places.sort((a, b) => a - b)).toEqual(lines.map((_, i) => i));
    expect(status).toBe(exitCode);
  });
});
