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

  it('opens a stream that has been silent for 45 s again', async () => {
    const silent = (signal: AbortSignal) =>
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          signal.addEventListener('abort', () => {
            controller.error(signal.reason);
          });
        },
      });
    const streams = [silent, () => new Blob([DONE]).stream()];
    jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
      if (input instanceof Request) {
        return Promise.resolve(Response.json({ status: 'triggered', progress: PROGRESS }));
      }
      const stream = streams.shift()?.(init?.signal ?? new AbortController().signal);
      return Promise.resolve(new Response(stream, { headers: { 'content-type': 'text/event-stream' } }));
    });
    const client = new ApiClient({ url: 'http://sluice' });
    const watched = Array.fromAsync(watchIngestion(client, 'a', new AbortController().signal));
    await jest.advanceTimersByTimeAsync(46_000);

    expect((await watched).map(({ status }) => status)).toEqual(['triggered', 'completed']);
  });
});
