import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DispatchEvents } from '../../src/scheduler/dispatch/dispatch-events.js';
import { useApps, type TestApp } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';
import { isSelected } from '../support/selected-stores.js';

const DISPATCHES = 1_000;
/** A turn has a few milliseconds for dispatches: a small part of this on any machine. */
const MOST_A_TURN = DISPATCHES / 4;
const FLAT_OUT = { BATCH_DELAY: '0' };

/** The dispatches that a service settles in each turn of the event loop. */
class Turns {
  readonly settledEach: number[] = [];
  settled = 0;

  constructor({ app }: TestApp) {
    app.get(DispatchEvents).dispatchSettled.subscribe(() => (this.settled += 1));
  }

  async countUntilAllAreSettled(signal: AbortSignal): Promise<void> {
    while (this.settled < DISPATCHES && !signal.aborted) {
      const before = this.settled;
      await nextTurn();
      this.settledEach.push(this.settled - before);
    }
  }
}

/** Sends a request on a connection of its own. Resolves with its status and what was settled when it was answered. */
async function askDuring(
  turns: Turns,
  path: string,
  url: string,
  list?: readonly number[],
): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    ...(list !== undefined && {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ids: list, priority: 'LOW' }),
    }),
  });
  await response.arrayBuffer();
  return { status: response.status, isBeforeTheEnd: turns.settled < DISPATCHES };
}

/** Lets a lane send as fast as it can, with requests from the first turn on. */
async function runFlatOut(service: TestApp, idsPerDispatch: number): Promise<Turns> {
  const { app, client } = service;
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  await fetch(`${url}/queue/pause`, { method: 'POST' });
  const id = await client.submit(Array.from({ length: DISPATCHES * idsPerDispatch }, (_, i) => i + 1));
  const turns = new Turns(service);
  const ended = new AbortController();
  const counted = turns.countUntilAllAreSettled(ended.signal);
  try {
    await fetch(`${url}/queue/resume`, { method: 'POST' });
    const answers = await Promise.all([
      askDuring(turns, `/status/${id}?batches=none`, url),
      askDuring(turns, '/health', url),
      askDuring(turns, '/ingest', url, [1_000_001]),
      askDuring(turns, '/ingest', url, [1_000_002]),
    ]);
    expect(answers).toEqual(answers.map(() => ({ status: 200, isBeforeTheEnd: true })));
    await counted;
  } finally {
    ended.abort();
  }
  return turns;
}

describe('A lane without a limit, with an upstream that answers at once,', () => {
  const start = useApps();

  (isSelected('sqlite') ? describe : describe.skip)('on the embedded store', () => {
    it.each([1, 100])('leaves turns of the event loop to requests, at %i ids a dispatch', async (size) => {
      const turns = await runFlatOut(await start({ ...FLAT_OUT, BATCH_SIZE: String(size) }), size);

      expect(Math.max(...turns.settledEach)).toBeLessThanOrEqual(MOST_A_TURN);
    });
  });

  (isSelected('postgresql') ? describe : describe.skip)('on PostgreSQL', () => {
    const stores = usePostgres();

    it.each([1, 100])('leaves turns of the event loop to requests, at %i ids a dispatch', async (size) => {
      const store = { DATABASE_URL: stores.url, DATABASE_SCHEMA: stores.newSchema() };
      const turns = await runFlatOut(await start({ ...FLAT_OUT, ...store, BATCH_SIZE: String(size) }), size);

      expect(Math.max(...turns.settledEach)).toBeLessThanOrEqual(MOST_A_TURN);
    });
  });
});
