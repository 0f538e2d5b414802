import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { networkError, scripted, settled } from '../../../test/support/scripted-client.js';

describe('The client of the service yields the events of an ingestion', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const stream = (...texts: string[]) =>
    new Response(ReadableStream.from(texts).pipeThrough(new TextEncoderStream()));
  const progress = (id: string, completed: number) =>
    `event: progress\nid: ${id}\ndata: {"completed":${String(completed)}}\n\n`;
  const done = 'event: done\nid: done\ndata: {"status":"completed"}\n\n';

  it('resumed after the last one where a stream breaks off, until it is done', async () => {
    const { sluice, seen } = scripted([
      stream(':\n\n', progress('1', 1), 'event: batch\nid: 1\nda', 'ta: {"ids":[10000000000000000007]}\n\n'),
      networkError(),
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.error(new Error('reset'));
            },
          }),
        ),
      stream(
        'event: of a later release\nid: 2\ndata: x\n\n',
        'event: held_by\nid: 2\ndata: {"held_by":{"kind":"paused"}}\n\n',
        progress('2', 2),
        done,
      ),
    ]);

    expect(await settled(Array.fromAsync(sluice.events('a')))).toEqual([
      { type: 'progress', id: '1', data: { completed: 1 } },
      { type: 'batch', id: '1', data: { ids: [10000000000000000007n] } },
      { type: 'held_by', id: '2', data: { held_by: { kind: 'paused' } } },
      { type: 'progress', id: '2', data: { completed: 2 } },
      { type: 'done', id: 'done', data: { status: 'completed' } },
    ]);
    expect(seen.map(({ headers }) => headers.get('last-event-id'))).toEqual([null, '1', '1', '1']);
  });

  it('from the one that is given on; nothing follows the last', async () => {
    const { sluice, seen } = scripted([stream(done)]);

    expect(await Array.fromAsync(sluice.events('a', { lastEventId: 'done' }))).toEqual([]);
    expect(await Array.fromAsync(sluice.events('a', { lastEventId: '7' }))).toHaveLength(1);
    expect(seen.map(({ headers }) => headers.get('last-event-id'))).toEqual(['7']);
  });

  it('and opens a stream that has been silent for 45 s again', async () => {
    let signal: AbortSignal | undefined;
    const silent = (request: Request) => {
      ({ signal } = request);
      return new Response(
        new ReadableStream({
          start: (controller) => {
            request.signal.addEventListener('abort', () => {
              controller.error(request.signal.reason);
            });
          },
        }),
      );
    };
    const { sluice, seen } = scripted([silent, stream(done)]);

    expect(await settled(Array.fromAsync(sluice.events('a')))).toHaveLength(1);
    expect(signal?.aborted).toBe(true);
    expect((seen[1]?.atMs ?? 0) - (seen[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(45_000);
  });

  it.each(['revoked', 'of a later release'])('until the key has ended: %s', async (reason) => {
    const { sluice } = scripted([
      stream(
        progress('1', 1),
        `event: access_ended\ndata: {"reason":"${reason}","detail":"the key ended"}\n\n`,
      ),
    ]);

    expect(await settled(Array.fromAsync(sluice.events('a')))).toMatchObject({
      name: 'SluiceApiError',
      status: 401,
      message: 'the key ended',
    });
  });

  it('and gives up after streams that bring none', async () => {
    const { sluice, seen } = scripted(Array.from({ length: 20 }, () => stream()));

    expect(await settled(Array.fromAsync(sluice.events('a')))).toMatchObject({
      message: 'the stream of events ended without an event',
    });
    expect(seen.length).toBe(9);
  });

  it('and closes the stream when the loop is left', async () => {
    let isClosed = false;
    const open = () =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode(progress('1', 1)));
          },
          cancel: () => {
            isClosed = true;
          },
        }),
      );
    const { sluice } = scripted([open]);
    for await (const event of sluice.events('a')) {
      expect(event.type).toBe('progress');
      break;
    }

    expect(isClosed).toBe(true);
  });
});
