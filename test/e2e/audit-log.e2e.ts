import { join } from 'node:path';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Scope } from '../../src/domain/authenticated-client.js';
import { writeKeys } from '../support/api-keys.js';
import { useApps, type TestApp } from '../support/app.js';
import { readOperations } from '../support/operations.js';
import { usePostgres } from '../support/postgres-stores.js';
import { listen } from '../support/raw-http.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

const CLIENTS = { alice: ['submit', 'read'], operator: ['admin'] } satisfies Record<string, readonly Scope[]>;

/** Operations that change nothing, or whose own records say who they came from. */
const NOT_AUDITED = ['POST /ingest', 'POST /ingest/stream', 'POST /backup', 'POST /bulk-actions'];

/** Operations that leave entries; the tests below call them. */
const AUDITED = [
  'DELETE /ingestions/{ingestion_id}',
  'PATCH /ingestions/{ingestion_id}',
  'POST /dead-letters/redrive',
  'POST /ingestions/{ingestion_id}/cancel',
  'POST /ingestions/{ingestion_id}/redrive',
  'POST /queue/pause',
  'POST /queue/resume',
  'POST /webhook-deliveries/{delivery_id}/resend',
];

/** Operations that leave entries, as `lane-settings.e2e.ts` and `made-lanes.e2e.ts` hold. */
const AUDITED_CHANGES_OF_LANES = [
  'DELETE /lanes/{lane}',
  'DELETE /lanes/{lane}/settings/{setting}',
  'PATCH /lanes/{lane}',
  'PUT /lanes/{lane}',
];

/** Operations that leave entries, as `bulk-actions.e2e.ts` holds. */
const AUDITED_BULK_ACTIONS = [
  'POST /bulk-actions/{bulk_action_id}/start',
  'POST /bulk-actions/{bulk_action_id}/stop',
];

interface Entry {
  readonly at: string;
  readonly action: string;
  readonly client: string | null;
  readonly target: string | null;
}

describe.each(['SQLite', 'PostgreSQL'])('On %s the audit log', (store) => {
  const start = useApps(); // must come first: services stop before their schemas are dropped
  const postgres = usePostgres();
  const newFolder = useTempFolders();
  let service: TestApp;
  let keys: Record<keyof typeof CLIENTS, string>;

  beforeEach(async () => {
    const file = join(newFolder(), 'keys.yaml');
    keys = await writeKeys(file, CLIENTS);
    service = await start({
      ...(store === 'PostgreSQL' && { DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.emptySchema() }),
      API_KEYS_FILE: file,
      BATCH_DELAY: '3600',
      TRUST_PROXY: 'loopback',
    });
  });

  async function send(
    method: 'get' | 'post' | 'patch' | 'delete',
    path: string,
    name: keyof typeof CLIENTS,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const request = service.request[method](path)
      .set('Authorization', `Bearer ${keys[name]}`)
      .set('X-Forwarded-For', '192.0.2.7')
      .set('X-Request-Id', `${method}.${name}`);
    const { status, body: answer } = await (body === undefined ? request : request.send(body));
    return { status, body: answer as Record<string, unknown> };
  }

  async function entries(query = '', name: keyof typeof CLIENTS = 'operator'): Promise<Entry[]> {
    const { status, body } = await send('get', `/audit${query}`, name);
    expect(status).toBe(200);
    return body['entries'] as Entry[];
  }

  async function submit(ids: readonly number[] = [1, 2, 3]): Promise<string> {
    const { body } = await send('post', '/ingest', 'alice', { ids, priority: 'LOW' });
    return String(body['ingestion_id']);
  }

  it('says who did what, when, from where and with which request', async () => {
    await send('post', '/queue/pause', 'operator');
    const id = await submit();
    await send('patch', `/ingestions/${id}`, 'alice', { priority: 'HIGH' });
    await send('post', `/ingestions/${id.toUpperCase()}/cancel`, 'alice');
    await send('delete', `/ingestions/${id}`, 'alice');
    await send('post', '/queue/resume', 'operator');

    const origin = { address: '192.0.2.7', lane: 'default', at: expect.stringMatching(/^\d{4}-.*Z$/) };
    expect(await entries()).toMatchObject([
      { ...origin, action: 'resume_lane', client: 'operator', request_id: 'post.operator', target: null },
      { ...origin, action: 'delete', client: 'alice', request_id: 'delete.alice', target: id, affected: 3 },
      { ...origin, action: 'cancel', client: 'alice', request_id: 'post.alice', target: id, affected: 3 },
      {
        ...origin,
        action: 'reprioritize',
        client: 'alice',
        target: id,
        from: 'LOW',
        to: 'HIGH',
        affected: 3,
      },
      { ...origin, action: 'pause_lane', client: 'operator', from: null, to: null, filter: null },
    ]);
  });

  it('is filtered and read page by page', async () => {
    await send('post', '/queue/pause', 'operator');
    const ids = [await submit([1]), await submit([2])];
    for (const id of ids) {
      await send('post', `/ingestions/${id}/cancel`, 'alice');
    }
    const all = await entries();
    const { body: page } = await send('get', '/audit?limit=2', 'operator');

    expect(await entries('?client=alice')).toEqual(all.slice(0, -1));
    expect(await entries('?action=pause_lane')).toEqual(all.slice(-1));
    expect(await entries(`?target=${String(ids[0])}&lane=default`)).toHaveLength(1);
    expect(await entries(`?to=${String(all.at(-1)?.at)}`)).toContainEqual(all.at(-1));
    expect(await entries('?from=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await entries(`?after=${String(page['next'])}`)).toEqual(all.slice(2));
    for (const query of ['limit=0', 'after=1', 'action=think', 'from=yesterday', 'actor=me']) {
      expect((await send('get', `/audit?${query}`, 'operator')).status).toBe(400);
    }
  });

  it('has no entry for a request that changes nothing or fails', async () => {
    await submit([1, 2, 3]); // is sent at once
    const id = await submit([4]);
    await send('post', '/queue/resume', 'operator');
    await send('post', '/queue/pause', 'alice');
    await send('post', '/dead-letters/redrive?all=true', 'operator');
    await send('post', `/ingestions/${id}/redrive`, 'alice');
    await send('delete', `/ingestions/${id}`, 'alice');
    await send('post', '/ingestions/nobody/cancel', 'operator');

    expect(await entries()).toEqual([]);
  });

  it('is read with the scope admin only', async () => {
    expect((await send('get', '/audit', 'alice')).status).toBe(403);
  });

  it('covers every operation that changes something', async () => {
    const operations = await readOperations(`http://127.0.0.1:${String(await listen(service.app))}`);
    const changing = operations.filter(({ method }) => method !== 'GET');

    expect(changing.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      [...NOT_AUDITED, ...AUDITED, ...AUDITED_CHANGES_OF_LANES, ...AUDITED_BULK_ACTIONS].sort(),
    );
  });
});
