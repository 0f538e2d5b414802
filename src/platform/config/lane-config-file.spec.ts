import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { schedulerOptions } from '../../../test/support/options.js';
import { ExternalApiOptions } from '../../external-api/external-api.options.js';
import { readMapping } from '../../external-api/mapping/read-mapping.js';
import { Configuration } from './configuration.js';

/** The lanes with their upstreams, as the environment and its file set them. */
function lanesOf(environment: Readonly<Record<string, string>>) {
  const { upstreams } = new ExternalApiOptions(Configuration.read(environment), readMapping);
  return schedulerOptions(environment).lanes.map((lane) =>
    Object.assign({ upstream: upstreams.get(lane.name) }, lane),
  );
}

describe('The file of lanes', () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-lanes-'));
    path = join(folder, 'lanes.yaml');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function load(yaml: string, variables: Record<string, string> = {}) {
    writeFileSync(path, yaml);
    return lanesOf({ ...variables, LANES_FILE: path });
  }

  function refusalOf(yaml: string, variables: Record<string, string> = {}): string {
    try {
      load(yaml, variables);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('it was taken');
  }

  it('is not needed: there is the default lane alone, as the environment has it', () => {
    expect(lanesOf({ BATCH_SIZE: '7' })).toMatchObject([{ name: 'default', batchSize: 7 }]);
  });

  it('names lanes that take from the environment what they do not set', () => {
    const lanes = load('lanes:\n  crm:\n    batch_size: 10\n    batch_delay: 0.5\n', {
      BATCH_SIZE: '7',
      MAX_ATTEMPTS: '2',
    });
    expect(lanes).toMatchObject([
      { name: 'default', batchSize: 7, batchDelayMs: 5000, maxAttempts: 2 },
      { name: 'crm', batchSize: 10, batchDelayMs: 500, maxAttempts: 2 },
    ]);
  });

  it('may set the default lane too', () => {
    const lanes = load('lanes: {default: {batch_size: 4}}', { BATCH_SIZE: '7' });
    expect(lanes).toMatchObject([{ name: 'default', batchSize: 4 }]);
  });

  it('gives a lane an upstream of its own, which gets no secret of another', () => {
    const lanes = load(
      'lanes:\n  crm:\n    url: https://crm.example.com/{id}\n    headers: {X-Key: a}\n  erp:\n    timeout: 5\n',
      { EXTERNAL_API_URL: 'https://api.example.com/', EXTERNAL_API_HEADERS: '{"X-Secret": "s"}' },
    );
    expect(lanes.map(({ upstream }) => upstream)).toMatchObject([
      { url: 'https://api.example.com/', headers: { 'x-secret': 's' } },
      { url: 'https://crm.example.com/{id}', method: 'GET', headers: { 'x-key': 'a' } },
      { url: 'https://api.example.com/', headers: { 'x-secret': 's' } },
    ]);
    expect(lanes[1]?.upstream?.headers).not.toHaveProperty('x-secret');
    expect(lanes[2]?.timeoutMs).toBe(5000);
  });

  it('gives a lane limits of its own, in place of the delay of the environment', () => {
    const lanes = load(
      'lanes:\n  crm:\n    limits:\n      - { calls: 190, per: 10 }\n      - { in_flight: 25 }\n  erp:\n    batch_delay: 7\n',
      { BATCH_DELAY: '2' },
    );
    expect(lanes.map(({ batchDelayMs, rules }) => [batchDelayMs, rules?.names])).toEqual([
      [2000, undefined],
      [0, ['190 calls per 10 s', '25 in flight']],
      [7000, undefined],
    ]);
  });

  it.each([
    ['http://a/{{id}}', '{ query: { a: 1 } }', true],
    ['http://a/?id={{id_text}}', '{ query: { a: 1 } }', true],
    ['http://a/', '{ json: { query: q, variables: { id: "gid://a/{{id_text}}" } } }', true],
    ['http://a/', '{ query: { id: "{{id}}" } }', true],
    ['http://a/', '{ headers: { X-Id: "{{id}}" } }', true],
    ['http://a/', '{ json: { inputs: [ { id: "{{id}}" } ] } }', false],
    ['http://a/', '{ query: { id: [ "{{id}}" ] } }', false],
    ['http://a/{id}', '{ json: { inputs: [ "{{id}}" ] } }', true],
  ])('counts the calls of %s with the request %s as they are sent', (url, request, isPerId) => {
    const [, crm] = load(
      `lanes:\n  crm:\n    url: "${url}"\n    request: ${request}\n    limits: [{ calls: 1, per: 1 }]\n`,
    );

    expect(crm?.upstream?.mapping?.request?.isPerId).toBe(isPerId);
    expect(crm?.rules?.isPerId).toBe(isPerId);
  });

  it('keeps integers of any size in a request', () => {
    const [, crm] = load(
      'lanes:\n  crm:\n    url: http://a/\n    batch_size: 7\n    request:\n      json: { account: 10000000000000000007, ids: "{{ids}}" }\n',
    );
    const values = { ids: [1n], dispatchId: 'd', key: 'k' };

    expect(crm?.batchSize).toBe(7);
    expect(crm?.upstream?.mapping?.request?.render(values).body).toBe(
      '{"account":10000000000000000007,"ids":[1]}',
    );
  });

  it('gives a lane with an upstream of its own no mapping of another', () => {
    const lanes = load('lanes:\n  crm:\n    url: http://a/\n', {
      EXTERNAL_API_URL: 'http://b/',
      EXTERNAL_API_ANSWER: 'results: r',
    });

    expect(lanes.map(({ upstream }) => upstream?.mapping?.answer?.settings)).toEqual([
      { results: 'r' },
      undefined,
    ]);
  });

  it.each([
    ['lanes:\n  crm:\n    batch_size: 0\n', 3, 'lane crm: batch_size must not be less than 1, not "0"'],
    [
      'lanes:\n  a: {batch_size: 1}\n  crm:\n    url: ftp://x/\n',
      4,
      'lane crm: url must be a URL that begins with http:// or https://',
    ],
    ['lanes:\n  crm:\n    speed: 1\n', 3, 'lane crm has no setting "speed"'],
    ['lanes:\n  crm:\n    batch_size: [1]\n', 3, 'lane crm: batch_size has no value'],
    [
      'lanes:\n  crm:\n    limits:\n      - {calls: 0, per: 1}\n',
      3,
      'lane crm: limits[0].calls must be a number from 1 to 1000000000000, not "0"',
    ],
    ['lanes:\n  crm:\n    limits: []\n', 3, 'lane crm: limits has no value'],
    [
      'lanes:\n  crm:\n    url: http://a/\n    request:\n      json:\n        all: "{{ids}}"\n        list:\n          - a\n          - id: "{{idx}}"\n',
      9,
      'lane crm: request: json.list.1.id {{idx}} is not known',
    ],
    [
      'lanes:\n  crm:\n    url: http://a/{id}\n    answer:\n      data: a\n      error: b..c\n',
      6,
      'lane crm: answer: error "b..c" is no path',
    ],
    [
      'lanes:\n  crm:\n    url: http://a/\n    answer:\n      id: id\n',
      4,
      'lane crm: answer: results is not set',
    ],
    ['lanes:\n  crm:\n    answer: {results: a}\n', 3, 'lane crm: answer needs url'],
    ['lanes:\n  crm:\n    batch_size:\n', 3, 'lane crm: batch_size has no value'],
    ['lanes:\n  CRM:\n    batch_size: 1\n', 2, '"CRM" is no name for a lane'],
    ['lanes:\n  crm: 5\n', 2, 'lane crm holds no settings'],
    ['lanes:\n  crm: {batch_size: 1}\n  crm: {batch_size: 2}\n', 3, 'Map keys must be unique'],
    [
      'lanes:\n  crm:\n    retry_base: 100\n',
      3,
      'lane crm: retry_base (100) must not be greater than retry_max',
    ],
    ['lanes:\n  crm:\n   a: "\n', 4, ''],
    ['lanes: 5\n', 1, 'must hold nothing but lanes'],
    ['', 1, 'must hold nothing but lanes'],
    ['lanes: {}\nother: 1\n', 1, 'must hold nothing but lanes'],
  ])('%j is refused with its line and why', (yaml, line, why) => {
    expect(refusalOf(yaml)).toMatch(new RegExp(`^${path}:${String(line)}: `));
    expect(refusalOf(yaml)).toContain(why);
    expect(refusalOf(yaml)).not.toContain('\n');
  });

  it('that is not there is refused', () => {
    expect(() => lanesOf({ LANES_FILE: join(folder, 'none.yaml') })).toThrow(
      /^LANES_FILE cannot be read: ENOENT/,
    );
  });
});
