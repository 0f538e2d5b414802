import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { DispatchEvents } from '../../src/scheduler/dispatch/dispatch-events.js';
import { useApps, type TestApp } from '../support/app.js';
import { usePostgres } from '../support/postgres-stores.js';
import { isSelected } from '../support/selected-stores.js';

const DISPATCHES = 1_000;
/** On PostgreSQL a dispatch takes longer, and the machine may be busy. */
const DISPATCHES_ON_POSTGRES = 250;
const FLAT_OUT = { BATCH_DELAY: '0' };

/** Counts the dispatches that a service settles in the turns of the event loop. */
class Turns {
  mostInOne = 0;
  settled = 0;

  constructor(
    { app }: TestApp,
    private readonly dispatches: number,
  ) {
    app.get(DispatchEvents).dispatchSettled.subscribe(() => (this.settled += 1));
  }

  get isOver(): boolean {
    return this.settled >= this.dispatches;
  }

  async countUntilAllAreSettled(signal: AbortSignal): Promise<void> {
    while (!this.isOver && !signal.aborted) {
      const before = this.settled;
      await nextTurn();
      this.mostInOne = Math.max(this.mostInOne, this.settled - before);
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
  return { status: response.status, isBeforeTheEnd: !turns.isOver };
}

/** Lets a lane send as fast as it can, and expects answers to requests meanwhile. */
async function runFlatOut(service: TestApp, dispatches: number, idsPerDispatch: number): Promise<void> {
  const { app, client } = service;
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  await fetch(`${url}/queue/pause`, { method: 'POST' });
  const id = await client.submit(Array.from({ length: dispatches * idsPerDispatch }, (_, i) => i + 1));
  const turns = new Turns(service, dispatches);
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
  // A turn has a few milliseconds for dispatches: a small part of all of them on any machine.
  expect(turns.mostInOne).toBeLessThanOrEqual(dispatches / 4);
}

describe('A lane without a limit, with an upstream that answers at once,', () => {
  (isSelected('sqlite') ? describe : describe.skip)('on the embedded store', () => {
    const start = useApps();

    it.each([1, 100])('leaves turns of the event loop to requests, at %i ids a dispatch', async (size) => {
      await runFlatOut(await start({ ...FLAT_OUT, BATCH_SIZE: String(size) }), DISPATCHES, size);
    });
  });

  (isSelected('postgresql') ? describe : describe.skip)('on PostgreSQL', () => {
    const start = useApps(); // must come first: services stop before their schemas are dropped
    const stores = usePostgres();

    it.each([1, 100])('leaves turns of the event loop to requests, at %i ids a dispatch', async (size) => {
      const store = { DATABASE_URL: stores.url, DATABASE_SCHEMA: stores.emptySchema() };
      const service = await start({ ...FLAT_OUT, ...store, BATCH_SIZE: String(size) });
      await runFlatOut(service, DISPATCHES_ON_POSTGRES, size);
    });
  });
});
