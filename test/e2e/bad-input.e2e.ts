import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import supertest from 'supertest';
import { AppModule } from '../../src/app.module.js';
import { Configuration } from '../../src/platform/config/configuration.js';
import { FastExpressAdapter } from '../../src/platform/http/fast-express.adapter.js';
import { MockExternalApi } from '../../src/external-api/mock-external-api.js';
import { IngestionRepository } from '../../src/ingestion/ingestion.repository.js';
import { ScriptedApi } from '../support/scripted-api.js';

const RANGE = 'must be an integer from 1 to 10000000000000000007';
const ENUM = 'priority must be one of HIGH, MEDIUM, LOW';
const ARRAY = 'ids must be an array of integers';
const NOT_JSON = /^the body is not JSON: /;
const TOO_DEEP = 'the body is nested more than 32 levels deep';
const TWICE = 'the body names a field more than once';

const withIds = (ids: string): string => `{"ids":${ids},"priority":"LOW"}`;
const withPriority = (priority: string): string => `{"ids":[1],"priority":${priority}}`;
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

const BODIES: readonly (readonly [
  name: string,
  body: string | Buffer,
  status: number,
  detail: string | RegExp,
])[] = [
  ['zero', withIds('[0]'), 400, `ids[0] ${RANGE}`],
  ['minus one', withIds('[1,-1]'), 400, `ids[1] ${RANGE}`],
  ['minus zero', withIds('[-0]'), 400, `ids[0] ${RANGE}`],
  ['one too large', withIds('[10000000000000000008]'), 400, `ids[0] ${RANGE}`],
  ['2^64', withIds('[18446744073709551616]'), 400, `ids[0] ${RANGE}`],
  ['10^30 in digits', withIds(`[1,2,1${'0'.repeat(30)}]`), 400, `ids[2] ${RANGE}`],
  ['a long negative', withIds('[-10000000000000000000000]'), 400, `ids[0] ${RANGE}`],
  ['10,000 digits', withIds(`[${'7'.repeat(10_000)}]`), 400, `ids[0] ${RANGE}`],
  ['no ids', withIds('[]'), 400, 'ids must hold at least one id'],
  ['a fraction', withIds('[1,1.5]'), 422, `ids[1] ${RANGE}`],
  ['1.0, on purpose no integer', withIds('[1.0]'), 422, `ids[0] ${RANGE}`],
  ['1e2, on purpose no integer', withIds('[1e2]'), 422, `ids[0] ${RANGE}`],
  ['1E2', withIds('[3,1E2]'), 422, `ids[1] ${RANGE}`],
  ['1e19', withIds('[1e19]'), 422, `ids[0] ${RANGE}`],
  ['1e400, infinite as a double', withIds('[1e400]'), 422, `ids[0] ${RANGE}`],
  ['a fraction beyond a double', withIds('[1.0000000000000000001]'), 422, `ids[0] ${RANGE}`],
  ['a fraction among large ids', withIds('[10000000000000000007,2.5]'), 422, `ids[1] ${RANGE}`],
  ['a string', withIds('["1"]'), 422, `ids[0] ${RANGE}`],
  ['true', withIds('[true]'), 422, `ids[0] ${RANGE}`],
  ['null among ids', withIds('[1,2,null]'), 422, `ids[2] ${RANGE}`],
  ['a nested array', withIds('[[1]]'), 422, `ids[0] ${RANGE}`],
  ['an object among ids', withIds('[{}]'), 422, `ids[0] ${RANGE}`],
  ['a string behind a zero: shape first', withIds('[0,"1"]'), 422, `ids[1] ${RANGE}`],
  ['ids as an object', withIds('{"0":1}'), 422, ARRAY],
  ['ids as a string', withIds('"1,2"'), 422, ARRAY],
  ['ids as a number', withIds('1'), 422, ARRAY],
  ['ids null', withIds('null'), 422, ARRAY],
  ['ids missing', '{"priority":"LOW"}', 422, 'ids is required'],
  ['priority missing', '{"ids":[1]}', 422, 'priority is required'],
  ['priority a number', withPriority('1'), 422, 'priority must be a string'],
  ['priority null', withPriority('null'), 422, 'priority must be a string'],
  ['priority a list', withPriority('["LOW"]'), 422, 'priority must be a string'],
  ['priority in small letters', withPriority('"low"'), 400, ENUM],
  ['priority empty', withPriority('""'), 400, ENUM],
  ['priority with a NUL', withPriority('"LO\\u0000W"'), 400, ENUM],
  ['priority a lone surrogate', withPriority('"\\ud800"'), 400, ENUM],
  ['both wrong: shape first', '{"ids":[0],"priority":1}', 422, 'priority must be a string'],
  ['empty object', '{}', 422, 'ids is required'],
  ['an unknown field', '{"ids":[1],"priority":"LOW","x":1}', 422, 'x is not a known field'],
  ['__proto__', '{"ids":[1],"priority":"LOW","__proto__":{}}', 422, '__proto__ is not a known field'],
  ['__proto__ instead', '{"__proto__":{"ids":[1],"priority":"LOW"}}', 422, '__proto__ is not a known field'],
  ['constructor', '{"ids":[1],"priority":"LOW","constructor":1}', 422, 'constructor is not a known field'],
  ['a key of NUL', '{"ids":[1],"priority":"LOW","\\u0000":1}', 422, '\u0000 is not a known field'],
  ['ids twice', '{"ids":[1],"ids":[2],"priority":"LOW"}', 422, TWICE],
  ['ids twice, once in escapes', '{"\\u0069ds":[1],"ids":[2],"priority":"LOW"}', 422, TWICE],
  ['priority twice', '{"ids":[1],"priority":"LOW" , "priority" : "HIGH"}', 422, TWICE],
  ['ids twice, in other escapes', '{"\\u0069ds":[1],"id\\u0073":[2],"priority":"LOW"}', 422, TWICE],
  ['a bad id in escapes', '{"\\u0069ds":[10000000000000000008],"priority":"LOW"}', 400, `ids[0] ${RANGE}`],
  ['30 levels', nested(30), 422, 'the body must be a JSON object'],
  ['30 levels among ids', withIds(nested(30)), 422, `ids[0] ${RANGE}`],
  ['10,000 levels', nested(10_000), 422, TOO_DEEP],
  ['10,000 levels among ids', withIds(nested(10_000)), 422, TOO_DEEP],
  ['10,001 objects', withIds(`[${'{},'.repeat(10_000)}1]`), 422, /^the body holds more than 10000 arrays, /],
  ['null', 'null', 422, 'the body must be a JSON object'],
  ['a list', '[1]', 422, 'the body must be a JSON object'],
  ['a string alone', '"x"', 422, 'the body must be a JSON object'],
  ['a number alone', '1', 422, 'the body must be a JSON object'],
  ['nothing', '', 400, NOT_JSON],
  ['white space', ' \n', 400, NOT_JSON],
  ['words', 'ids=1', 400, NOT_JSON],
  ['single quotes', "{'ids':[1]}", 400, NOT_JSON],
  ['a trailing comma', withIds('[1,]'), 400, NOT_JSON],
  ['a leading zero', withIds('[01]'), 400, NOT_JSON],
  ['a plus sign', withIds('[+1]'), 400, NOT_JSON],
  ['hexadecimal', withIds('[0x10]'), 400, NOT_JSON],
  ['NaN', withIds('[NaN]'), 400, NOT_JSON],
  ['a missing comma', withIds('[1 2]'), 400, NOT_JSON],
  ['cut off', '{"ids":[1,2', 400, NOT_JSON],
  ['two documents', `${withIds('[1]')}${withIds('[2]')}`, 400, NOT_JSON],
  ['a raw NUL', `${withIds('[1]')}\u0000`, 400, NOT_JSON],
  ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400, 'the body is not JSON: it is not UTF-8'],
  ['UTF-16', Buffer.from(withIds('[1]'), 'utf16le'), 400, NOT_JSON],
  ['too many ids', withIds(`[${'1,'.repeat(1000)}1]`), 413, 'ids holds 1001 ids, at most 1000 are allowed'],
  ['too large', withIds(`[${'1,'.repeat(40_000)}1]`), 413, 'the body is larger than 64kb'],
];

const HEADERS: readonly (readonly [name: string, headers: Record<string, string>, body: string | Buffer])[] =
  [
    ['text/plain', { 'Content-Type': 'text/plain' }, withIds('[1]')],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'ids=1'],
    ['application/jsonp', { 'Content-Type': 'application/jsonp' }, withIds('[1]')],
    ['problem+json', { 'Content-Type': 'application/problem+json' }, withIds('[1]')],
    ['Latin-1', { 'Content-Type': 'application/json; charset=iso-8859-1' }, withIds('[1]')],
    ['UTF-16', { 'Content-Type': 'application/json;charset="utf-16"' }, withIds('[1]')],
    ['gzip', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, gzipSync(withIds('[1]'))],
  ];

let app: NestExpressApplication;
let folder: string;
const api = new ScriptedApi();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-e2e-'));
  const variables = {
    DATA_DIR: folder,
    MAX_IDS_PER_REQUEST: '1000',
    BODY_LIMIT: '64kb',
    SHUTDOWN_GRACE: '0',
  };
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(Configuration)
    .useValue(Configuration.read(variables))
    .overrideProvider(MockExternalApi)
    .useValue(api)
    .compile();
  app = module.createNestApplication<NestExpressApplication>(new FastExpressAdapter(), {
    bodyParser: false,
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sends a raw body and checks the form of the response; nothing may reach the store. */
async function refuse(body: string | Buffer, headers: Record<string, string>): Promise<supertest.Response> {
  const repository = app.get(IngestionRepository);
  let groups = 0;
  const accept = repository.acceptAll.bind(repository);
  repository.acceptAll = (group) => {
    groups += 1;
    return accept(group);
  };
  const answer = await supertest(app.getHttpServer())
    .post('/ingest')
    .set(headers)
    .serialize((value: unknown) => value as string)
    .send(body as string);
  repository.acceptAll = accept;
  expect(groups).toBe(0);
  expect(api.calls).toEqual([]);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const { status } = answer;
  expect(answer.body).toMatchObject({ status, status_code: status, type: 'about:blank' });
  return answer;
}

describe('a body that is refused', () => {
  it.each(BODIES)('%s', async (_name, body, status, detail) => {
    const answer = await refuse(body, { 'Content-Type': 'application/json' });
    expect(answer.body.detail).toEqual(detail instanceof RegExp ? expect.stringMatching(detail) : detail);
    expect(answer.status).toBe(status);
  });

  it.each(HEADERS)('415: %s', async (_name, headers, body) => {
    expect((await refuse(body, headers)).status).toBe(415);
  });

  it.each([[''], ['k'.repeat(256)], ['naïve']])('400: the Idempotency-Key %j', async (key) => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
    const answer = await refuse(withIds('[1]'), headers);
    expect(answer.body).toMatchObject({
      status: 400,
      detail: 'Idempotency-Key must be 1 to 255 printable ASCII characters',
    });
  });

  it('lists each bad id, 20 at the most, and names the first in detail', async () => {
    const answer = await refuse(withIds(`[1${',0'.repeat(30)}]`), { 'Content-Type': 'application/json' });
    expect(answer.body.errors).toHaveLength(20);
    expect(answer.body.errors[0]).toEqual({ field: 'ids[1]', message: RANGE });
    expect(answer.body.detail).toBe(`ids[1] ${RANGE}`);
  });
});
