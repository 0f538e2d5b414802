import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import { revokeKey } from '../../src/platform/auth/api-key-store.js';
import { writeKeys } from '../support/api-keys.js';
import { Clock } from '../../src/domain/clock.js';
import { JWKS_RETRY_PAUSE_MS } from '../../src/platform/auth/fetch-jwks.js';
import { waitFor } from '../support/wait-for.js';
import { useApps, type TestApp } from '../support/app.js';
import { silent } from '../support/scripted-api.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'sluice';
const BACK_CHANNEL_LOGOUT = 'http://schemas.openid.net/event/backchannel-logout';

interface SigningKey {
  readonly keyId: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly published: JWK;
}

async function newKey(keyId: string, alg: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  return { keyId, alg, privateKey, published: { ...(await exportJWK(publicKey)), kid: keyId, alg } };
}

/** Tests use an identity provider that serves its current keys. */
describe('With tokens of an identity provider,', () => {
  const start = useApps();
  const newFolder = useTempFolders();
  let variables: Readonly<Record<string, string>>;
  let issuer: Server;
  let published: readonly JWK[] | null;
  let fetches: number;
  let rsa: SigningKey;
  let ec: SigningKey;
  let app: TestApp;

  beforeEach(async () => {
    [rsa, ec] = await Promise.all([newKey('first', 'RS256'), newKey('second', 'ES256')]);
    published = [rsa.published];
    fetches = 0;
    issuer = createServer((_request, response) => {
      fetches += 1;
      response.writeHead(published === null ? 500 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: published }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
    const { port } = issuer.address() as AddressInfo;
    variables = {
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      JWKS_URL: `http://127.0.0.1:${String(port)}/keys`,
    };
    app = await start(variables);
  });
  afterEach(() => {
    issuer.closeAllConnections();
    issuer.close();
  });

  /** Returns valid claims with the given changes. */
  function claims(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const good = { iss: ISSUER, aud: AUDIENCE, exp: nowSeconds + 60, sub: 'someone', scope: 'openid read' };
    return { ...good, ...changes };
  }

  function sign(payload: Readonly<Record<string, unknown>>, key = rsa, typ?: string): Promise<string> {
    return new SignJWT(payload)
      .setProtectedHeader({ alg: key.alg, kid: key.keyId, ...(typ !== undefined && { typ }) })
      .sign(key.privateKey);
  }

  async function ask(token: string, path = '/whoami'): Promise<{ status: number; body: unknown }> {
    const { status, body } = await app.request.get(path).set('Authorization', `Bearer ${token}`);
    return { status, body: body as unknown };
  }

  async function pause(token: string): Promise<number> {
    return (await app.request.post('/queue/pause').set('Authorization', `Bearer ${token}`)).status;
  }

  it('a token says who asks and what he may do, among scopes of other services', async () => {
    const reader = await sign(claims());
    expect(await ask(reader)).toEqual({
      status: 200,
      body: { client: 'someone', scopes: ['read'], keys: true, lanes: ['default'] },
    });
    expect((await ask(reader, '/queue')).status).toBe(200);
    expect(await pause(reader)).toBe(403);
    const admin = await sign(claims({ client_id: 'billing', scope: 'admin' }));
    expect(await ask(admin)).toMatchObject({
      body: { client: 'billing', scopes: ['submit', 'read', 'observe', 'admin'] },
    });
    expect(await pause(admin)).toBe(200);
    const none = await sign(claims({ scope: 'openid' }));
    expect(await ask(none)).toMatchObject({ status: 200, body: { scopes: [] } });
    expect((await ask(none, '/queue')).status).toBe(403);
  });

  it('one that is not good is 401, whatever is wrong with it', async () => {
    const stranger = await newKey('first', 'RS256');
    const nowSeconds = Math.floor(Date.now() / 1000);
    const secret = Buffer.from(JSON.stringify(rsa.published));
    const good = await sign(claims());
    const [header = '', payload = '', signature = ''] = good.split('.');
    const forged = Buffer.from(JSON.stringify(claims({ scope: 'admin' }))).toString('base64url');
    const bad = {
      'another issuer': await sign(claims({ iss: 'https://other.example' })),
      'no issuer': await sign(claims({ iss: undefined })),
      'another audience': await sign(claims({ aud: 'another' })),
      expired: await sign(claims({ exp: nowSeconds - 10 })),
      'without an end': await sign(claims({ exp: undefined })),
      'not valid yet': await sign(claims({ nbf: nowSeconds + 60 })),
      'of a stranger under a known key id': await sign(claims(), stranger),
      'of a key that is not published': await sign(claims(), ec),
      'signed with the public key as a secret': await new SignJWT(claims())
        .setProtectedHeader({ alg: 'HS256', kid: 'first' })
        .sign(secret),
      unsigned: new UnsecuredJWT(claims()).encode(),
      'with another payload': `${header}.${forged}.${signature}`,
      'without its signature': `${header}.${payload}.`,
      'of nobody': await sign(claims({ sub: undefined })),
      'of a client with an odd name': await sign(claims({ client_id: 'a\nb' })),
    };
    for (const [what, token] of Object.entries(bad)) {
      expect([what, await ask(token)]).toEqual([
        what,
        { status: 401, body: expect.objectContaining({ status_code: 401 }) },
      ]);
    }
    expect((await ask(good)).status).toBe(200);
  });

  it.each(['at+jwt', 'application/at+jwt', 'AT+JWT', 'JWT', undefined])(
    'the type %s is good',
    async (typ) => {
      expect((await ask(await sign(claims(), rsa, typ))).status).toBe(200);
    },
  );

  it.each([
    ['a logout token', 'logout+jwt', {}],
    ['a logout token of an older issuer', 'JWT', { events: { [BACK_CHANNEL_LOGOUT]: {} } }],
    ['a security event', 'secevent+jwt', {}],
    ['a proof of possession', 'dpop+jwt', {}],
    ['an introspection response', 'token-introspection+jwt', {}],
    ['an empty type', '', {}],
  ])('%s of the same issuer is no access token', async (_, typ, more) => {
    expect((await ask(await sign(claims(more), rsa, typ))).status).toBe(401);
  });

  it('a subject with the name of a key’s client is another client, also after the key is revoked', async () => {
    const file = `${newFolder()}/keys.yaml`;
    const keys = await writeKeys(file, { billing: ['submit', 'read'] });
    const open = async (): Promise<void> => {
      app = await start(
        { ...variables, API_KEYS_FILE: file, DATA_DIR: dataDir, BATCH_DELAY: '3600' },
        silent(),
      );
    };
    const dataDir = newFolder();
    await open();
    const { body } = await app.request
      .post('/ingest')
      .set('X-API-Key', keys.billing)
      .send({ ids: [1], priority: 'LOW' })
      .expect(200);
    const path = `/status/${String(body.ingestion_id)}`;
    const token = await sign(claims({ sub: 'billing', scope: 'read' }));
    expect(await ask(token)).toMatchObject({ body: { client: 'sub|billing' } });
    expect((await ask(token, path)).status).toBe(404);
    expect((await ask(token, '/ingestions')).body).toMatchObject({ ingestions: [] });
    const sameClient = await sign(claims({ client_id: 'billing', scope: 'read' }));
    expect((await ask(sameClient, path)).status).toBe(200);

    const [, keyId = ''] = keys.billing.split('_');
    expect(revokeKey(file, keyId)).toBe(true);
    await app.app.close();
    await open();
    expect((await app.request.get(path).set('X-API-Key', keys.billing)).status).toBe(401);
    expect(await ask(token)).toMatchObject({ body: { client: 'sub|billing' } });
    expect((await ask(token, path)).status).toBe(404);
  });

  it('a subject cannot take the name of one that was renamed, others keep theirs', async () => {
    const file = `${newFolder()}/keys.yaml`;
    await writeKeys(file, { billing: ['read'] });
    app = await start({ ...variables, API_KEYS_FILE: file });
    const nameOf = async (sub: string): Promise<unknown> => (await ask(await sign(claims({ sub })))).body;
    expect(await nameOf('sub|billing')).toMatchObject({ client: 'sub|sub|billing' });
    expect(await nameOf('auth0|4711')).toMatchObject({ client: 'auth0|4711' });
  });

  it('a key that is new is fetched when a token names it, one that is gone is no good after that', async () => {
    expect((await ask(await sign(claims()))).status).toBe(200);
    published = [ec.published];
    const realNow = Date.now;
    Date.now = () => realNow() + 31_000; // keys are fetched at most every 30 s
    try {
      expect((await ask(await sign(claims(), ec))).status).toBe(200);
      expect((await ask(await sign(claims(), rsa))).status).toBe(401);
    } finally {
      Date.now = realNow;
    }
  });

  it('it is 503 while the keys cannot be had, and well again by itself after a pause', async () => {
    published = null;
    for (let i = 0; i < 5; i++) {
      expect(await ask(await sign(claims({ sub: `client ${String(i)}` })))).toMatchObject({
        status: 503,
        body: { detail: 'the keys of the token issuer cannot be read' },
      });
    }
    expect(fetches).toBe(1);
    published = [rsa.published];
    expect((await ask(await sign(claims()))).status).toBe(503);
    passPause();
    expect((await ask(await sign(claims()))).status).toBe(200);
    expect(fetches).toBe(2);
  });

  it.each([
    ['larger than a megabyte', () => Buffer.alloc(50_000_000, ' '), false],
    ['no set of keys', () => Buffer.from('[]'), true],
    ['not JSON', () => Buffer.from('<html>'), true],
  ])(
    'an answer of the issuer that is %s is refused and not asked for again at once',
    async (_name, answer, isReadWhole) => {
      let isSentWhole: boolean | undefined;
      issuer.removeAllListeners('request');
      issuer.on('request', (_request, response) => {
        fetches += 1;
        response.once('close', () => (isSentWhole = response.writableFinished));
        response.end(answer());
      });
      expect((await ask(await sign(claims()))).status).toBe(503);
      expect((await ask(await sign(claims()))).status).toBe(503);
      expect(fetches).toBe(1);
      await waitFor('the connection to end', () => isSentWhole !== undefined);
      expect(isSentWhole).toBe(isReadWhole);
      passPause();
      expect((await ask(await sign(claims()))).status).toBe(503);
      expect(fetches).toBe(2);
    },
  );

  /** Moves the clock of the service past the pause that follows a failure. */
  function passPause(): void {
    const clock = app.app.get(Clock);
    const nowMs = clock.monotonicMs();
    jest.spyOn(clock, 'monotonicMs').mockReturnValue(nowMs + JWKS_RETRY_PAUSE_MS + 1);
  }
});
