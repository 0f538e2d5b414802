import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runLaneTest, type LaneTestOptions, type LaneTestResult } from './run-lane-test.js';

const EXAMPLES = join(import.meta.dirname, '../../../examples/vendors');

const LANES = `lanes:
  crm:
    url: https://crm.example.com/many?key=s3cr3t-k3y&ids={{ids}}
    headers: { X-Api-Key: k-12345678 }
    token_file: /run/secrets/crm
    answer:
      results: users
      error: problem
      permanent: error.code == 'GONE'
      status: { 404: completed }
      throttled:
        when: has(body.slow)
        wait: body.slow
`;

describe('sluice lanes test', () => {
  let folder: string;
  let lanes: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-lanes-'));
    lanes = join(folder, 'lanes.yaml');
    writeFileSync(lanes, LANES);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function run(
    answer?: string,
    options: Partial<LaneTestOptions> = {},
    file: string | undefined = lanes,
  ): Promise<LaneTestResult> {
    const path = join(folder, 'answer');
    writeFileSync(path, answer ?? '');
    return runLaneTest(
      file,
      {
        ids: '1,2,10000000000000000007',
        status: 200,
        ...(answer !== undefined && { answer: path }),
        ...options,
      },
      {},
    );
  }

  it('prints the request without secrets', async () => {
    expect(await run()).toEqual({
      exitCode: 0,
      error: null,
      out: [
        '# lane crm',
        'GET https://crm.example.com/many?key=[redacted]&ids=1,2,10000000000000000007',
        'x-api-key: (hidden)',
        'authorization: Bearer (hidden)',
        'idempotency-key: 00000000-0000-7000-8000-000000000000',
        '',
      ].join('\n'),
    });
  });

  it('prints what each id becomes, and what it ignores', async () => {
    const { out, exitCode } = await run(
      '{"users":[{"id":"10000000000000000007","n":1.10},{"id":2,"problem":{"code":"GONE"}},{"id":5},{"id":2}]}',
    );

    expect(exitCode).toBe(0);
    expect(out.slice(out.indexOf('\n#') + 1)).toBe(
      [
        '# answered with 200',
        '1: retried (missing_answer: the answer leaves this id out)',
        '2: failed (rejected: {"code":"GONE"})',
        '10000000000000000007: completed, {"id":"10000000000000000007","n":1.10}',
        'ignored: id 5 not asked for',
        'ignored: id 2 again',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['{"slow":2.5}', 200, ['1: sent again, no attempt counted', 'the lane is held for 3 s']],
    [
      'HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\n\r\n',
      200,
      ['# answered with 429', 'the lane is held for 7 s'],
    ],
    [
      'HTTP/1.1 100 Continue\n\nHTTP/2 429\nx: y\n\n{}',
      200,
      ['# answered with 429', 'the lane is held by a backoff'],
    ],
    ['', 404, ['1: completed', '2: completed']],
    [
      'not found',
      410,
      ['1: failed (rejected: the upstream answered 410)', 'the breaker counts a failed dispatch'],
    ],
    ['{"error":"busy"}', 500, ['1: retried (upstream: the upstream answered 500: busy)']],
    [
      '<html>',
      200,
      ['1: retried (bad_answer: the answer is not JSON)', 'the breaker counts a failed dispatch'],
    ],
  ])('reads %j with the status %i as the service does', async (answer, status, lines) => {
    const { out } = await run(answer, { status });
    expect(out.split('\n')).toEqual(expect.arrayContaining(lines));
  });

  it.each([
    ['{"data":[]}', ':7: lane crm: answer.results "users": gives nothing, and not a list'],
    ['{"users":[{"n":1}]}', ':6: lane crm: answer.id "id": gives nothing in result 0, and no id'],
    [
      '{"users":[{"id":1,"problem":"x"}]}',
      `:9: lane crm: answer.permanent "error.code == 'GONE'": No such key: code`,
    ],
    ['{"slow":[]}', ':13: lane crm: answer.throttled.wait "body.slow": gives [], and no time'],
  ])('names the line and the expression that does not fit %s', async (answer, error) => {
    expect(await run(answer)).toMatchObject({ exitCode: 1, error: `${lanes}${error}` });
  });

  it('names the line of a setting that is not valid', async () => {
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, LANES.replace('has(body.slow)', 'has(body'));

    expect(await run('{}', {}, broken)).toMatchObject({
      exitCode: 78,
      out: '',
      error: expect.stringMatching(/broken\.yaml:12: lane crm: answer: throttled\.when "has\(body": /),
    });
  });

  it('prints one request for each id, and reads the answer for each', async () => {
    const { out } = await run('{"login":"a"}', { ids: '7,8' }, join(EXAMPLES, 'github.yaml'));

    expect(out).toContain('GET https://api.github.com/user/7\n');
    expect(out).toContain('GET https://api.github.com/user/8\n');
    expect(out).toContain('\n7: completed, {"login":"a"}\n8: completed, {"login":"a"}\n');
  });

  it('tries a lane without a mapping too', async () => {
    const plain = join(folder, 'plain.yaml');
    writeFileSync(plain, 'lanes:\n  a: { url: "http://a/" }\n  b: { url: "http://b/{id}" }\n');

    expect((await run('{"results":[{"id":1,"data":5}]}', { lane: 'a', ids: '1' }, plain)).out).toContain(
      'POST http://a/\ncontent-type: application/json\nidempotency-key: 00000000-0000-7000-8000-000000000000\n\n{"ids":[1]}\n\n# answered with 200\n1: completed, 5\n',
    );
    expect((await run('', { lane: 'b', ids: '1' }, plain)).out).toContain('\n1: completed\n');
    expect(await run('', {}, plain)).toMatchObject({
      exitCode: 2,
      error: 'name a lane with --lane; there are a, b',
    });
    expect(await run('', { lane: 'c' }, plain)).toMatchObject({ exitCode: 2 });
  });
});
