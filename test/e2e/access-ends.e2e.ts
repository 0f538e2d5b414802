import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Scope } from '../../src/domain/authenticated-client.js';
import { readKeysFile, writeKeysFile } from '../../src/platform/auth/keys-file.js';
import { writeKeys } from '../support/api-keys.js';
import { useApps } from '../support/app.js';
import { listen } from '../support/raw-http.js';
import { silent } from '../support/scripted-api.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

const CLIENTS = { alice: ['submit', 'read'], operator: ['admin'], bob: ['admin'] } satisfies Record<
  string,
  readonly Scope[]
>;

describe('When a key is revoked while its request is answered,', () => {
  const start = useApps();
  const newFolder = useTempFolders();
  let url = '';
  let file = '';
  let keys: Record<keyof typeof CLIENTS, string>;
  let id = '';

  beforeEach(async () => {
    file = join(newFolder(), 'keys.yaml');
    keys = await writeKeys(file, CLIENTS);
    const { app } = await start({ API_KEYS_FILE: file }, silent());
    url = `http://127.0.0.1:${String(await listen(app))}`;
    const accepted = await fetch(`${url}/ingest`, {
      method: 'POST',
      headers: { ...authorize('alice'), 'content-type': 'application/json' },
      body: '{"ids":[1,2,3],"priority":"LOW"}',
    });
    ({ ingestion_id: id } = (await accepted.json()) as { ingestion_id: string });
  });

  function authorize(name: keyof typeof CLIENTS): { authorization: string } {
    return { authorization: `Bearer ${keys[name]}` };
  }

  function revokeAll(): Promise<unknown> {
    return writeKeys(file, { another: ['read'] });
  }

  /** Opens a stream; resolves when its first bytes have come. */
  async function open(path: string, name: keyof typeof CLIENTS): Promise<IncomingMessage> {
    const sent = httpRequest(`${url}${path}`, { headers: authorize(name) }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    await once(response, 'readable');
    return response;
  }

  it('its event streams end with an event that says so, and no id to resume after', async () => {
    const streams = await Promise.all([
      open('/events', 'operator'),
      open('/events', 'operator'),
      open(`/status/${id}/events`, 'alice'),
    ]);
    await revokeAll();
    for (const told of await Promise.all(streams.map((stream) => text(stream)))) {
      expect(told).toMatch(
        /event: access_ended\nid: \ndata: \{"reason":"revoked","detail":"the key or token is no longer valid"\}\n\n$/,
      );
    }
  });

  it('its long poll ends with 401, without the status', async () => {
    const polled = fetch(`${url}/status/${id}?wait=60`, { headers: authorize('alice') });
    const response = await Promise.race([polled, revokeAll().then(() => polled)]);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="sluice", error="invalid_token"');
    expect(await response.json()).toMatchObject({
      status_code: 401,
      detail: 'the key or token is no longer valid',
    });
  });

  it('the list that it is uploading is refused', async () => {
    const upload: ClientRequest = httpRequest(`${url}/ingest/stream?priority=LOW`, {
      method: 'POST',
      headers: { ...authorize('alice'), 'content-type': 'text/plain' },
    });
    upload.write('1\n');
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
    const watched = await open('/events', 'operator');
    await revokeAll();
    await text(watched); // the keys are gone
    for (let i = 2; i < 100_000; i++) {
      upload.write(`${String(i)}\n`);
    }
    upload.end();
    const [response] = await answered;
    expect(response.statusCode).toBe(401);
    await text(response);
  });

  it('streams of another key go on', async () => {
    const [gone, kept] = await Promise.all([open('/events', 'operator'), open('/events', 'bob')]);
    let isEnded = false;
    kept.once('end', () => (isEnded = true)).resume();
    const entries = readKeysFile(readFileSync(file, 'utf8')).entries.filter(({ client }) => client === 'bob');
    writeFileSync(file, writeKeysFile({ entries, formerClients: [] }));
    await text(gone);
    expect(isEnded).toBe(false);
    kept.destroy();
  });
});
