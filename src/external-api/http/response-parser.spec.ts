import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ResponseParser } from './response-parser.js';

const NEVER = new AbortController().signal;
const DATA = JSON.stringify(Array.from({ length: 10_000 }, (_, n) => ({ n })));
const ANSWER = { id: 1n, ok: true, dataJson: DATA };

function longAnswer(): Buffer<ArrayBuffer> {
  return Buffer.from(`{"results":[{"id":1,"data":${DATA}}]}`);
}

describe('Reading a long answer', () => {
  let reader: ResponseParser;

  beforeEach(() => {
    reader = new ResponseParser();
  });
  afterEach(() => reader.onApplicationShutdown());

  it('hands it over to a thread', async () => {
    const body = longAnswer();
    const reading = reader.parse(body, null, NEVER);

    expect(body).toHaveLength(0);
    expect(await reading).toEqual([ANSWER]);
  });

  it('leaves nothing that keeps the process from ending', async () => {
    const portsOf = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length;
    const before = portsOf();
    await reader.parse(longAnswer(), null, NEVER);

    expect(portsOf()).toBe(before);
  });

  it('reads several, each for whom it is', async () => {
    const bodies = Array.from({ length: 5 }, (_, n) => Buffer.from(`[${String(n)},${DATA}]`));

    expect(await Promise.all(bodies.map((body, n) => reader.parse(body, BigInt(n), NEVER)))).toEqual(
      bodies.map((_, n) => [{ id: BigInt(n), ok: true, dataJson: `[${String(n)},${DATA}]` }]),
    );
  });

  it('ends when it is aborted, and the next one is read', async () => {
    const abort = new AbortController();
    const reading = reader.parse(longAnswer(), null, abort.signal);
    abort.abort(new Error('too late'));

    await expect(reading).rejects.toThrow('too late');
    expect(await reader.parse(longAnswer(), null, NEVER)).toEqual([ANSWER]);
  });

  it('fails for now where the thread ends, and the next one is read in another', async () => {
    const reading = reader.parse(longAnswer(), null, NEVER);
    const failure = expect(reading).rejects.toMatchObject({ kind: 'bad_answer', permanent: false });
    await reader.onApplicationShutdown();

    await failure;
    expect(await reader.parse(longAnswer(), null, NEVER)).toEqual([ANSWER]);
  });
});
