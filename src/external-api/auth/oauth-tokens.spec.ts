import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { CALL, failureOf, NEVER, useHttpUpstream } from '../../../test/support/http-upstream.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { useTokenServer } from '../../../test/support/token-server.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { HttpExternalApi } from '../http/http-external-api.js';
import type { OAuthOptions } from './oauth.options.js';

const SECRET = 'client-secret-4711';

/** A runtime whose monotonic clock a test can advance. */
class ShiftedRuntime extends SystemRuntime {
  shiftMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.shiftMs;
  }
}

describe('The access tokens of an upstream', () => {
  const upstream = useHttpUpstream('');
  const tokens = useTokenServer();
  const newFolder = useTempFolders();

  function file(content: string): string {
    const path = join(newFolder(), 'secret');
    writeFileSync(path, `${content}\n`);
    return path;
  }

  function open(options: Partial<OAuthOptions> = {}, runtime = new SystemRuntime()): HttpExternalApi {
    const oauth: OAuthOptions = {
      tokenUrl: tokens.current.url,
      clientId: 'sluice',
      clientSecretFile: file(SECRET),
      refreshTokenFile: null,
      scope: null,
      audience: null,
      clientAuth: 'basic',
      proxy: null,
      ...options,
    };
    return new HttpExternalApi(upstream.options('/process', { oauth }), upstream.parser, runtime);
  }

  /** Answers each request of the upstream with this status. */
  function answerWith(...statuses: number[]): void {
    upstream.respond = (response) => {
      const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end('{"results":[{"id":1},{"id":2}]}');
    };
  }

  function sentTokens(): (string | undefined)[] {
    return upstream.received.map(({ headers }) => headers.authorization);
  }

  it('are asked for by client credentials, and sent with every request', async () => {
    answerWith(200);
    const api = open({ scope: 'read write', audience: 'https://api.example.com' });
    await api.process(CALL, NEVER);
    await api.process(CALL, NEVER);

    expect(sentTokens()).toEqual(['Bearer token-1', 'Bearer token-1']);
    const [request, ...more] = tokens.current.requests;
    expect(more).toEqual([]);
    expect(request?.form).toEqual({
      grant_type: 'client_credentials',
      scope: 'read write',
      audience: 'https://api.example.com',
    });
    const credentials = Buffer.from(`sluice:${SECRET.replaceAll('-', '%2D')}`).toString('base64');
    expect(request?.headers.authorization).toBe(`Basic ${credentials}`);
  });

  it('are asked for with the secret in the form where the token server wants that', async () => {
    answerWith(200);
    await open({ clientAuth: 'post' }).process(CALL, NEVER);

    expect(tokens.current.requests.map(({ form }) => form)).toEqual([
      { grant_type: 'client_credentials', client_id: 'sluice', client_secret: SECRET },
    ]);
  });

  it('are refreshed by a refresh token, of which the newest stays in its file', async () => {
    answerWith(200);
    const refreshTokenFile = file('refresh-0');
    tokens.current.answer = ({ refresh_token: used = '' }) =>
      tokens.current.next({ refresh_token: `${used}+` });
    const runtime = new ShiftedRuntime();
    const api = open({ refreshTokenFile, clientSecretFile: null }, runtime);
    await api.process(CALL, NEVER);
    runtime.shiftMs = 3_601_000;
    await api.process(CALL, NEVER);
    await open({ refreshTokenFile }).process(CALL, NEVER);

    expect(tokens.current.requests.map(({ form }) => form['refresh_token'])).toEqual([
      'refresh-0',
      'refresh-0+',
      'refresh-0++',
    ]);
    expect(tokens.current.requests[0]?.form).toMatchObject({
      grant_type: 'refresh_token',
      client_id: 'sluice',
    });
    expect(readFileSync(refreshTokenFile, 'utf8')).toBe('refresh-0+++\n');
  });

  it('are renewed once for all calls that wait', async () => {
    answerWith(200);
    const api = open();
    await Promise.all(Array.from({ length: 20 }, () => api.process(CALL, NEVER)));

    expect(tokens.current.requests).toHaveLength(1);
    expect(new Set(sentTokens())).toEqual(new Set(['Bearer token-1']));
  });

  it('are renewed before they end, and serve until their end while that fails', async () => {
    answerWith(200);
    const runtime = new ShiftedRuntime();
    const api = open({}, runtime);
    await api.process(CALL, NEVER);
    tokens.current.answer = () => ({ status: 503, json: {} });
    runtime.shiftMs = 3_550_000;
    await api.process(CALL, NEVER);
    expect(sentTokens()).toEqual(['Bearer token-1', 'Bearer token-1']);

    runtime.shiftMs = 3_601_000;
    expect(await failureOf(api.process(CALL, NEVER))).toMatchObject({
      kind: 'network',
      message: 'no access token: the token server answered 503',
      isUnsent: true,
    });
    tokens.current.answer = () => tokens.current.next();
    await api.process(CALL, NEVER);
    expect(sentTokens().at(-1)).toBe(`Bearer token-${String(tokens.current.requests.length)}`);
  });

  it('are renewed once after a 401, which costs the ids no attempt', async () => {
    answerWith(401, 200);
    const api = open();
    expect(await failureOf(api.process(CALL, NEVER))).toMatchObject({
      permanent: false,
      isRefused: true,
      isOutcomeUnknown: false,
    });
    await api.process(CALL, NEVER);

    expect(sentTokens()).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('are renewed again after a 401 once one of them was accepted', async () => {
    answerWith(401, 200, 401, 200);
    const api = open();
    for (const isRefused of [true, false, true, false]) {
      const result = api.process(CALL, NEVER);
      expect(isRefused ? (await failureOf(result)).isRefused : (await result).length).toBe(isRefused || 2);
    }

    expect(tokens.current.requests).toHaveLength(3);
  });

  it.each([
    ['a renewed token', () => tokens.current.next()],
    ['the same token again', () => tokens.current.next({ access_token: 'always-the-same' })],
  ])('count as wrong where the upstream refuses %s', async (_, answer) => {
    tokens.current.answer = answer;
    answerWith(401);
    const api = open();
    expect(await failureOf(api.process(CALL, NEVER))).toMatchObject({ isRefused: true });

    for (let i = 0; i < 2; i++) {
      expect(await failureOf(api.process(CALL, NEVER))).toMatchObject({
        kind: 'rejected',
        permanent: true,
        isRefused: false,
      });
    }
  });

  it('leave the ids unsent where nobody listens, with the reason', async () => {
    const api = open();
    await tokens.current.stop();

    expect(await failureOf(api.process(CALL, NEVER))).toMatchObject({
      kind: 'network',
      message: 'no access token: the token server cannot be reached: ECONNREFUSED',
      isUnsent: true,
      permanent: false,
    });
    expect(upstream.received).toEqual([]);
  });

  it('leave the ids unsent where the secret is wrong, and repeat nothing of it', async () => {
    tokens.current.answer = () => ({
      status: 401,
      json: { error: 'invalid_client', error_description: `the secret ${SECRET} is wrong` },
    });
    const failure = await failureOf(open().process(CALL, NEVER));

    expect(failure).toMatchObject({
      message: 'no access token: the token server answered 401 invalid_client',
      isUnsent: true,
    });
    expect(failure.message).not.toContain(SECRET);
  });

  it.each([
    ['no token', { json: { token_type: 'Bearer' } }],
    ['a token of another kind', { json: { access_token: 'a', token_type: 'mac' } }],
    ['text in place of an object', { json: 'token' }],
    ['an error with a secret for its code', { status: 400, json: { error: SECRET } }],
  ])('leave the ids unsent where the token server answers with %s', async (_, answer) => {
    tokens.current.answer = () => answer;

    const { message, isUnsent } = await failureOf(open().process(CALL, NEVER));
    expect(message).toMatch(
      /^no access token: (?:the answer of the token server holds no bearer token|.*answered 400)$/,
    );
    expect(isUnsent).toBe(true);
  });

  it('use the secret that is in the file at that moment', async () => {
    answerWith(200);
    const clientSecretFile = file('old');
    const runtime = new ShiftedRuntime();
    const api = open({ clientSecretFile, clientAuth: 'post' }, runtime);
    await api.process(CALL, NEVER);
    writeFileSync(clientSecretFile, 'new');
    runtime.shiftMs = 3_601_000;
    await api.process(CALL, NEVER);

    expect(tokens.current.requests.map(({ form }) => form['client_secret'])).toEqual(['old', 'new']);
  });

  it('are taken out of what the upstream repeats of them', async () => {
    upstream.respond = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"results":[{"id":1,"data":"got token-1!"},{"id":2,"error":"bad token-1"}]}');
    };

    expect(inspect(await open().process(CALL, NEVER))).not.toContain('token-1');
  });
});
