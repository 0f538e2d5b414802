import { describe, expect, it } from '@jest/globals';
import { ANSWER_LENGTHS, CALL, EXACT, NEVER, useHttpUpstream } from '../../../test/support/http-upstream.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { HttpExternalApi } from './http-external-api.js';

describe.each(ANSWER_LENGTHS)('The HTTP upstream, whose answers are %s,', (_, padding) => {
  const upstream = useHttpUpstream(padding);

  it('answers with exact ids', async () => {
    const results = EXACT.map((id) => `{"id": ${String(id)}, "data": "processed"}`).join();

    expect(await upstream.answerWith(`{"results": [${results}]}`)).toEqual(
      EXACT.map((id) => ({ id, ok: true, dataJson: '"processed"' })),
    );
  });

  it('takes ids in quotes for the numbers that they are', async () => {
    const results = EXACT.map((id) => `{"id": "${String(id)}"}`).join();

    expect(await upstream.answerWith(`{"results": [${results}]}`)).toEqual(
      EXACT.map((id) => ({ id, ok: true, dataJson: null })),
    );
  });

  it.each([
    ['"unknown id"', 'unknown id', false],
    ['{"message": "unknown id"}', 'unknown id', false],
    ['{"message": "unknown id", "permanent": true}', 'unknown id', true],
    ['{"message": "unknown id", "permanent": "yes"}', 'unknown id', false],
    ['{"code": 5}', '{"code":5}', false],
    ['["a", 1]', '["a",1]', false],
    ['false', 'false', false],
    ['0', '0', false],
    ['{"id": 10000000000000000007}', '{"id":10000000000000000007}', false],
  ])('refuses an id with the error %s', async (error, message, permanent) => {
    expect(await upstream.answerWith(`{"results": [{"id": 1, "error": ${error}}, {"id": 2}]}`)).toEqual([
      { id: 1n, ok: false, message, permanent },
      { id: 2n, ok: true, dataJson: null },
    ]);
  });

  it.each([
    '10000000000000000007',
    '{"id":10000000000000000007,"n":[1.10,1e400,-0,0.1],"deep":{"id":5}}',
    '"a\\u0000b"',
    'null',
    'false',
  ])('keeps what comes with an id as it was written: %s', async (data) => {
    const [answer] = await upstream.answerWith(`{"results": [{"id": 1, "data": ${data}}]}`);
    expect(answer).toEqual({ id: 1n, ok: true, dataJson: data });
  });

  it('takes an error of null for none', async () => {
    expect(await upstream.answerWith('{"results": [{"id": 1, "error": null, "data": 5}]}')).toEqual([
      { id: 1n, ok: true, dataJson: '5' },
    ]);
  });

  it('stores nothing of its own secrets that the upstream echoes, and everything else exactly', async () => {
    const secretive = new HttpExternalApi(
      upstream.options('/process?api_key=q%26uery-S3cret&format=compact', {
        headers: { authorization: 'Bearer t0ken/of+length', accept: 'application/vnd.api.v3+json' },
      }),
      upstream.parser,
      new SystemRuntime(),
    );
    const request = 'GET /process?api_key=q%26uery-S3cret HTTP/1.1 Authorization: Bearer t0ken/of+length';
    const echo = {
      plain: request,
      percent: encodeURIComponent(request),
      base64: Buffer.from(request).toString('base64'),
      url: Buffer.from(` ${request}`).toString('base64url'),
      kept: 'compact application/vnd.api.v3+json',
    };
    const data = JSON.stringify(echo)
      .replaceAll('/', String.raw`\/`)
      .replaceAll('S3', String.raw`\u00533`);
    const exact = String.raw`{"n":10000000000000000007,"f":1.50,"t":"\u0041\/"}`;
    upstream.respond = (response) => {
      response.end(
        `{"results":[{"id":1,"data":[${data},${exact}]},{"id":2,"error":{"code":"t0ken\\/of+length"}}]}${padding}`,
      );
    };

    const [first, second] = await secretive.process(CALL, NEVER);
    const stored = first?.ok === true && 'dataJson' in first ? String(first.dataJson) : '';
    expect(stored.endsWith(`,${exact}]`)).toBe(true);
    const [echoed] = JSON.parse(stored) as [typeof echo];
    expect(echoed.plain).toBe('GET /process?api_key=[redacted] HTTP/1.1 Authorization: [redacted]');
    expect(echoed.kept).toBe(echo.kept);
    for (const text of [echoed.base64, echoed.url].map((form) =>
      Buffer.from(form, 'base64').toString('latin1'),
    )) {
      expect(text).not.toMatch(/uery-S3|ken\/of\+len/);
    }
    expect(decodeURIComponent(echoed.percent)).not.toMatch(/uery-S3|ken\/of\+len/);
    expect(second).toMatchObject({ ok: false, message: '{"code":"[redacted]"}' });
  });
});
