import { describe, expect, it } from '@jest/globals';
import { useApps } from '../support/app.js';
import { listen, sendRaw } from '../support/raw-http.js';

const HEAD = 'POST /ingest HTTP/1.1\r\nHost: sluice\r\nContent-Type: application/json\r\n';
const GOOD = '{"ids":[1,2,3],"priority":"LOW"}';

describe('bytes that are no proper request', () => {
  const start = useApps();

  /**
   * Sends bytes and checks that nothing is pending and the service still works; resolves with the response.
   */
  async function answerTo(chunks: readonly (string | Buffer)[], hangUp = false): Promise<string> {
    const { app, api, request } = await start();
    const answer = await sendRaw(await listen(app), chunks, hangUp);
    expect(api.calls).toEqual([]);
    await request.get('/health').expect(200);
    return answer;
  }

  it('a body cut off in the middle leaves nothing', async () => {
    await answerTo([`${HEAD}Content-Length: ${String(GOOD.length)}\r\n\r\n`, GOOD.slice(0, 20)], true);
  });

  it('a body shorter than its Content-Length leaves nothing', async () => {
    await answerTo([`${HEAD}Content-Length: 1000\r\n\r\n`, GOOD], true);
  });

  it('a Content-Length that is too short cuts the JSON: 400', async () => {
    const answer = await answerTo([`${HEAD}Connection: close\r\nContent-Length: 10\r\n\r\n`, GOOD]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json.*"status_code":400/s);
  });

  it.each([
    ['two lengths', `${HEAD}Content-Length: 32\r\nContent-Length: 31\r\n\r\n${GOOD}`],
    [
      'a length and chunks',
      `${HEAD}Content-Length: 32\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n${GOOD}\r\n0\r\n\r\n`,
    ],
    [
      'a folded header',
      `${HEAD}X-Folded: a\r\n b\r\nContent-Length: 32\r\n\r\n${GOOD}`.replace('a\r\n b', 'a\n\x00b'),
    ],
    ['no HTTP at all', 'hello\r\n\r\n'],
  ])('%s: 400 in the form of the contract, and the end of the connection', async (_name, bytes) => {
    const answer = await answerTo([bytes]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*application\/problem\+json.*"status_code":400/s);
  });

  it('headers without end: 431', async () => {
    const answer = await answerTo([
      `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 431 .*"status_code":431/s);
  });

  it('20 MB of digits in one number: 413 from its length, and the end of the connection', async () => {
    const answer = await answerTo([
      `${HEAD}Content-Length: 20000030\r\n\r\n`,
      '{"ids":[',
      '9'.repeat(100_000),
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*Connection: close.*"status_code":413/s);
  });

  it('a body over the limit that comes in chunks: 413, and the end of the connection', async () => {
    const chunk = `${(100_000).toString(16)}\r\n${'9'.repeat(100_000)}\r\n`;
    const answer = await answerTo([
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
      ...Array<string>(60).fill(chunk),
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*Connection: close.*"status_code":413/s);
  });
});
