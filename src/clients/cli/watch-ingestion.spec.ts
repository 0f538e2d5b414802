import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ApiClient } from './api-client.js';
import { watchIngestion } from './watch-ingestion.js';

const PROGRESS = {
  total: 1,
  yet_to_start: 1,
  in_flight: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  percent: 0,
};
const DONE = 'event: done\nid: done\ndata: {"status":"completed"}\n\n';

describe('The watch of an ingestion', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  /** Answers each request of the status alike, and each request of the events by the next stream. */
  function answerWith(streams: ((signal: AbortSignal) => ReadableStream<Uint8Array>)[]): void {
    jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      if (input instanceof Request) {
        return Promise.resolve(Response.json({ status: 'triggered', progress: PROGRESS, held_by: null }));
      }
      const stream = streams.shift()?.(init?.signal ?? new AbortController().signal);
      return Promise.resolve(new Response(stream, { headers: { 'content-type': 'text/event-stream' } }));
    });
  }

  const watch = () =>
    Array.fromAsync(
      watchIngestion(new ApiClient({ url: 'http://sluice' }), 'a', new AbortController().signal),
    );

  it('says what holds the lane as soon as the stream does, and that nothing does any more', async () => {
    const events = [
      `event: progress\nid: 0\ndata: ${JSON.stringify(PROGRESS)}\n\n`,
      'event: held_by\nid: 0\ndata: {"held_by":{"kind":"paused","text":"paused"}}\n\n',
      `event: progress\nid: 0\ndata: ${JSON.stringify(PROGRESS)}\n\n`,
      'event: held_by\nid: 0\ndata: {"held_by":null}\n\n',
      DONE,
    ];
    answerWith([() => new Blob(events).stream()]);

    const kinds = (await watch()).map(({ held_by: heldBy }) => heldBy?.kind ?? null);
    expect(kinds).toEqual([null, null, 'paused', 'paused', null, null]);
  });

  it('opens a stream that has been silent for 45 s again', async () => {
    const silent = (signal: AbortSignal) =>
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          signal.addEventListener('abort', () => {
            controller.error(signal.reason);
          });
        },
      });
    answerWith([silent, () => new Blob([DONE]).stream()]);
    const watched = watch();
    await jest.advanceTimersByTimeAsync(46_000);

    expect((await watched).map(({ status }) => status)).toEqual(['triggered', 'completed']);
  });
});
