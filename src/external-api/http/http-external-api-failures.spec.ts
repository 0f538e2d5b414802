import { describe, expect, it } from '@jest/globals';
import {
  ANSWER_LENGTHS,
  CALL,
  failureOf,
  MAX_BYTES,
  NEVER,
  useHttpUpstream,
} from '../../../test/support/http-upstream.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { HttpExternalApi } from './http-external-api.js';

describe.each(ANSWER_LENGTHS)('The HTTP upstream, whose answers are %s,', (_, padding) => {
  const upstream = useHttpUpstream(padding);

  it.each([
    [301, 'upstream', false],
    [400, 'rejected', true],
    [401, 'rejected', true],
    [404, 'rejected', true],
    [408, 'upstream', false],
    [422, 'rejected', true],
    [425, 'upstream', false],
    [429, 'upstream', false],
    [500, 'upstream', false],
    [503, 'upstream', false],
    [599, 'upstream', false],
  ])('fails the call with status %i as %s, permanent: %s', async (status, kind, permanent) => {
    expect(await failureOf(upstream.answerWith('{"results": [{"id": 1}]}', status))).toMatchObject({
      kind,
      permanent,
      message: expect.stringContaining(`the upstream answered ${String(status)}`),
      isRateLimited: status === 429,
      upstreamStatus: status,
    });
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>ok</html>'],
    ['half of an answer', '{"results": [{"id": 1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no results', '{}'],
    ['results that are no list', '{"results": {}}'],
    ['a result that is no object', '{"results": [1]}'],
    ['a result of null', '{"results": [null]}'],
    ['a result without id', '{"results": [{"data": 1}]}'],
    ['a name for an id', '{"results": [{"id": "1a"}]}'],
    ['an id in quotes with zeros before it', '{"results": [{"id": "01"}]}'],
    ['a fraction for an id', '{"results": [{"id": 1.5}]}'],
    ['an id as a power', '{"results": [{"id": 1e2}]}'],
    ['a negative id', '{"results": [{"id": -1}]}'],
    ['a very long id', `{"results": [{"id": ${'9'.repeat(10_000)}}]}`],
    ['brackets without end', '['.repeat(100_000)],
  ])('fails the call for now where the answer is %s', async (_, body) => {
    expect(await failureOf(upstream.answerWith(body))).toMatchObject({
      kind: 'bad_answer',
      permanent: false,
    });
  });

  it('fails the call where the answer is too large to hold', async () => {
    const failure = await failureOf(
      upstream.answerWith(`{"results": [], "padding": "${'x'.repeat(MAX_BYTES)}"}`),
    );

    expect(failure).toMatchObject({
      kind: 'bad_answer',
      message: `the answer is larger than ${String(MAX_BYTES)} bytes`,
      permanent: false,
    });
  });

  it('fails the call where the connection breaks in the middle of the answer', async () => {
    upstream.respond = (response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{"results":', () => response.destroy());
    };

    expect(await failureOf(upstream.api.process(CALL, NEVER))).toMatchObject({
      kind: 'network',
      permanent: false,
    });
  });

  it('fails the call where nobody listens, naming neither its secrets nor the whole of its address', async () => {
    const closed = new HttpExternalApi(
      upstream.options('/process?token=secret', { headers: { authorization: 'Basic secret' } }),
      upstream.parser,
      new SystemRuntime(),
    );
    const described = upstream.urlOf('/process');
    await upstream.stop();

    const failure = await failureOf(closed.process(CALL, NEVER));
    expect(failure).toMatchObject({
      kind: 'network',
      message: 'the call failed: ECONNREFUSED',
      permanent: false,
    });
    expect(closed.description).toBe(described);
    await upstream.start();
  });
});
