import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AnswerReader } from './response-parser.js';

const NEVER = new AbortController().signal;
const DATA = JSON.stringify(Array.from({ length: 10_000 }, (_, n) => ({ n })));
const ANSWER = { id: 1n, ok: true, dataJson: DATA };

function longAnswer(): Buffer<ArrayBuffer> {
  return Buffer.from(`{"results":[{"id":1,"data":${DATA}}]}`);
}

describe('Reading a long answer', () => {
  let reader: AnswerReader;

  beforeEach(() => {
    reader = new AnswerReader();
  });
  afterEach(() => reader.onApplicationShutdown());

  it('hands it over to a thread', async () => {
    const body = longAnswer();
    const reading = reader.read(body, null, NEVER);

    expect(body).toHaveLength(0);
    expect(await reading).toEqual([ANSWER]);
  });

  it('leaves nothing that keeps the process from ending', async () => {
    const portsOf = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'MessagePort').length;
    const before = portsOf();
    await reader.read(longAnswer(), null, NEVER);

    expect(portsOf()).toBe(before);
  });

  it('reads several, each for whom it is', async () => {
    const bodies = Array.from({ length: 5 }, (_, n) => Buffer.from(`[${String(n)},${DATA}]`));

    expect(await Promise.all(bodies.map((body, n) => reader.read(body, BigInt(n), NEVER)))).toEqual(
      bodies.map((_, n) => [{ id: BigInt(n), ok: true, dataJson: `[${String(n)},${DATA}]` }]),
    );
  });

  it('ends when it is aborted, and the next one is read', async () => {
    const abort = new AbortController();
    const reading = reader.read(longAnswer(), null, abort.signal);
    abort.abort(new Error('too late'));

    await expect(reading).rejects.toThrow('too late');
    expect(await reader.read(longAnswer(), null, NEVER)).toEqual([ANSWER]);
  });

  it('fails for now where the thread ends, and the next one is read in another', async () => {
    const reading = reader.read(longAnswer(), null, NEVER);
    const failure = expect(reading).rejects.toMatchObject({ kind: 'bad_answer', permanent: false });
    await reader.onApplicationShutdown();

    await failure;
    expect(await reader.read(longAnswer(), null, NEVER)).toEqual([ANSWER]);
  });
});
