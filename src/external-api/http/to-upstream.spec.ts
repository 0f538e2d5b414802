import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../platform/config/config-error.js';
import { readVariables } from '../../platform/config/read-variables.js';
import { STANDARD_RATE_LIMIT_NAMES } from './rate-limit-names.js';
import { toUpstream } from './to-upstream.js';

const URL = 'https://api.example.com/process';
const EACH = 'https://api.example.com/items/{id}?full={id}';

describe('The upstream’s variables', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
    writeFileSync(join(folder, 'nothing.pem'), 'nothing\n');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const upstreamOf = (variables: Record<string, string>) => toUpstream(readVariables(variables));

  it('need no more than a URL', () => {
    expect(upstreamOf({ EXTERNAL_API_URL: URL })).toEqual({
      url: URL,
      method: 'POST',
      headers: {},
      tokenFile: null,
      ca: null,
      maxResponseBytes: 16 * 1024 * 1024,
      rateLimitNames: STANDARD_RATE_LIMIT_NAMES,
    });
  });

  it('a URL with a place for an id asks with GET, wherever it stands', () => {
    expect(upstreamOf({ EXTERNAL_API_URL: EACH })).toMatchObject({ url: EACH, method: 'GET' });
  });

  it.each([
    [{ EXTERNAL_API_METHOD: 'put' }, { method: 'PUT' }],
    [
      { EXTERNAL_API_HEADERS: '{"X-Key": "a b", "accept": "*/*"}' },
      { headers: { 'x-key': 'a b', accept: '*/*' } },
    ],
    [{ EXTERNAL_API_MAX_ANSWER: '2kb' }, { maxResponseBytes: 2048 }],
    [{ EXTERNAL_API_MAX_ANSWER: '100' }, { maxResponseBytes: 100 }],
    [{ RATE_LIMIT_HEADERS: 'Off' }, { rateLimitNames: { readsStructured: false, pairs: [] } }],
    [
      { RATE_LIMIT_HEADERS: 'X-Left/X-Next, standard' },
      {
        rateLimitNames: {
          readsStructured: true,
          pairs: [{ remaining: 'X-Left', reset: 'X-Next' }, ...STANDARD_RATE_LIMIT_NAMES.pairs],
        },
      },
    ],
    [{ EXTERNAL_API_TOKEN_FILE: '/run/token' }, { tokenFile: '/run/token' }],
    [
      { EXTERNAL_API_URL: 'https://us%40er:pass@api.example.com/x#part' },
      {
        url: 'https://api.example.com/x',
        headers: { authorization: `Basic ${Buffer.from('us@er:pass').toString('base64')}` },
      },
    ],
  ])('take %j', (variables, expected) => {
    expect(upstreamOf({ EXTERNAL_API_URL: URL, ...variables })).toMatchObject(expected);
  });

  it.each([
    [{ EXTERNAL_API_HEADERS: 'X-Key: secret' }, 'EXTERNAL_API_HEADERS must be a JSON object'],
    [{ EXTERNAL_API_HEADERS: '["secret"]' }, 'EXTERNAL_API_HEADERS must be a JSON object'],
    [{ EXTERNAL_API_HEADERS: '{"X-Key": 5}' }, 'EXTERNAL_API_HEADERS: X-Key must be a string'],
    [{ EXTERNAL_API_HEADERS: '{"X Key": "secret"}' }, 'EXTERNAL_API_HEADERS: "X Key" is no header'],
    [{ EXTERNAL_API_HEADERS: '{"X-Key": "secret\\r\\nX: 1"}' }, 'EXTERNAL_API_HEADERS: "X-Key" is no header'],
    [
      { EXTERNAL_API_HEADERS: '{"Content-Length": "0"}' },
      'EXTERNAL_API_HEADERS: Content-Length is set already',
    ],
    [{ EXTERNAL_API_HEADERS: '{"a": "1", "A": "2"}' }, 'EXTERNAL_API_HEADERS: A is set already'],
    [{ EXTERNAL_API_METHOD: 'GET' }, 'EXTERNAL_API_METHOD (GET) carries no list of ids'],
    [
      { EXTERNAL_API_TOKEN_FILE: '/run/token', EXTERNAL_API_HEADERS: '{"Authorization": "secret"}' },
      'EXTERNAL_API_TOKEN_FILE is not the only one to set Authorization',
    ],
    [{ EXTERNAL_API_URL: 'https://{id}.example.com/' }, 'EXTERNAL_API_URL'],
    [{ RATE_LIMIT_HEADERS: 'X-Left' }, 'RATE_LIMIT_HEADERS must be off, or a list'],
    [{ EXTERNAL_API_CA_FILE: '/does/not/exist' }, 'EXTERNAL_API_CA_FILE cannot be used: ENOENT'],
  ])('refuse %j, and repeat no secret', (variables, message) => {
    const load = () => toUpstream(readVariables({ EXTERNAL_API_URL: URL, ...variables }));
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(message);
    expect(load).not.toThrow('secret');
  });

  it('refuse a file of certificates that holds none', () => {
    const variables = { EXTERNAL_API_URL: URL, EXTERNAL_API_CA_FILE: join(folder, 'nothing.pem') };
    expect(() => toUpstream(readVariables(variables))).toThrow('it holds no certificate in PEM form');
  });

  describe('of an OAuth 2.0 client', () => {
    const TOKEN_URL = 'https://login.example.com/token';
    const SECRET = 'EXTERNAL_API_OAUTH_CLIENT_SECRET_FILE';
    const secretFile = (): string => {
      const path = join(folder, 'client-secret');
      writeFileSync(path, 'secret-4711\n');
      return path;
    };
    const client = (more: Record<string, string> = {}): Record<string, string> => ({
      EXTERNAL_API_URL: URL,
      EXTERNAL_API_OAUTH_TOKEN_URL: TOKEN_URL,
      EXTERNAL_API_OAUTH_CLIENT_ID: 'sluice',
      [SECRET]: secretFile(),
      ...more,
    });

    it('name the token server and the client, and hold no secret', () => {
      const upstream = upstreamOf(client({ EXTERNAL_API_OAUTH_SCOPE: 'a b' }));

      expect(upstream?.oauth).toEqual({
        tokenUrl: TOKEN_URL,
        clientId: 'sluice',
        clientSecretFile: secretFile(),
        proxy: null,
        refreshTokenFile: null,
        scope: 'a b',
        audience: null,
        clientAuth: 'basic',
      });
      expect(JSON.stringify(upstream)).not.toContain('secret-4711');
    });

    it.each([
      [
        'a part without the token server',
        { EXTERNAL_API_URL: URL, EXTERNAL_API_OAUTH_SCOPE: 'a' },
        'EXTERNAL_API_OAUTH_SCOPE needs',
      ],
      [
        'no client',
        { EXTERNAL_API_URL: URL, EXTERNAL_API_OAUTH_TOKEN_URL: TOKEN_URL },
        'needs EXTERNAL_API_OAUTH_CLIENT_ID',
      ],
      [
        'no secret',
        { EXTERNAL_API_URL: URL, EXTERNAL_API_OAUTH_TOKEN_URL: TOKEN_URL, EXTERNAL_API_OAUTH_CLIENT_ID: 'a' },
        'EXTERNAL_API_OAUTH_REFRESH_TOKEN_FILE',
      ],
    ])('are refused with %s', (_, variables, message) => {
      expect(() => upstreamOf(variables)).toThrow(ConfigError);
      expect(() => upstreamOf(variables)).toThrow(message);
    });

    it.each([
      ['a file that is missing', { [SECRET]: '/does/not/exist' }, `${SECRET} cannot be used`],
      ['a user in the URL', { EXTERNAL_API_OAUTH_TOKEN_URL: 'https://a:b@c.example/token' }, 'no user'],
      [
        'another Authorization',
        { EXTERNAL_API_HEADERS: '{"Authorization": "x"}' },
        'EXTERNAL_API_OAUTH_TOKEN_URL is not the only',
      ],
      [
        'another kind of client authentication',
        { EXTERNAL_API_OAUTH_CLIENT_AUTH: 'jwt' },
        'must be basic or post',
      ],
    ])('are refused with %s', (_, more, message) => {
      expect(() => upstreamOf(client(more))).toThrow(message);
    });
  });
});
