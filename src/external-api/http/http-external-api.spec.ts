import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import {
  ANSWER_LENGTHS,
  CALL,
  EXACT,
  failureOf,
  NEVER,
  useHttpUpstream,
} from '../../../test/support/http-upstream.js';

describe.each(ANSWER_LENGTHS)('The HTTP upstream, whose answers are %s,', (_, padding) => {
  const upstream = useHttpUpstream(padding);

  it('gets a dispatch as one request, under its id, with exact ids', async () => {
    upstream.respond = (response) => {
      response.end('{"results":[]}');
    };
    await upstream.api.process({ ...CALL, ids: [1n, ...EXACT, 1n] }, NEVER);

    expect(upstream.received).toMatchObject([
      {
        method: 'POST',
        url: '/process?kind=a',
        headers: { 'content-type': 'application/json', 'idempotency-key': CALL.dispatchId },
        body: '{"ids":[1,9007199254740993,9223372036854775808,10000000000000000007,1]}',
      },
    ]);
  });

  it('asks once whether the call may leave, and tells once when it has left', async () => {
    const events: string[] = [];
    upstream.respond = (response) => {
      response.end('{"results":[]}');
    };
    const beforeSend = async (): Promise<void> => {
      await nextTurn();
      events.push(`may leave, ${String(upstream.received.length)} sent`);
    };
    await upstream.api.process({ ...CALL, beforeSend, onSent: () => events.push('left') }, NEVER);

    expect(events).toEqual(['may leave, 0 sent', 'left']);
  });

  it('sends nothing where the call may not leave', async () => {
    const beforeSend = (): Promise<void> => Promise.reject(new Error('too late'));

    await expect(upstream.api.process({ ...CALL, beforeSend }, NEVER)).rejects.toMatchObject({
      kind: 'network',
    });
    expect(upstream.received).toEqual([]);
  });

  it('ends when it is aborted, also between the head of the answer and its end', async () => {
    const controller = new AbortController();
    upstream.respond = (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{', () => {
        controller.abort(new Error('too late'));
      });
    };

    expect(await failureOf(upstream.api.process(CALL, controller.signal))).toMatchObject({ kind: 'network' });
  });

  it('sends nothing where it was aborted before', async () => {
    await failureOf(upstream.api.process(CALL, AbortSignal.abort()));

    expect(upstream.received).toEqual([]);
  });

  it('goes on after a call that failed', async () => {
    upstream.respond = (response) => response.destroy();
    await failureOf(upstream.api.process(CALL, NEVER));

    expect(await upstream.answerWith('{"results": [{"id": 1}]}')).toEqual([
      { id: 1n, ok: true, dataJson: null },
    ]);
  });
});
