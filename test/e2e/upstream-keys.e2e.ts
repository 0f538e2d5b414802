import { describe, expect, it, jest } from '@jest/globals';
import { useBuiltService, useSharedService } from '../support/built-service.js';
import { TestClient } from '../support/client.js';
import { useTempFolders } from '../support/temp-folder.js';
import type { Behaviour, SeenRequest } from '../support/upstream/protocol.js';
import { useUpstream } from '../support/upstream/upstream.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const QUICK = { BATCH_DELAY: '0.05', RETRY_BASE: '0', EXTERNAL_API_TIMEOUT: '1', BREAKER_THRESHOLD: '0' };
/** Kinds of calls whose outcome is unknown. */
const UNKNOWN: readonly (readonly [string, Behaviour])[] = [
  ['no answer came in time', 'slow headers'],
  ['half of an answer came in time', 'slow body'],
  ['the connection was cut before an answer', 'cut'],
  ['the connection was cut within an answer', 'reset'],
];
/** Kinds of answers that fail a call. */
const ANSWERED: readonly Behaviour[] = ['broken', 'wrong json', 'wait by seconds'];

function keysOf(seen: readonly SeenRequest[]): (string | undefined)[] {
  return seen.map(({ headers }) => headers['idempotency-key'] as string | undefined);
}

function byUrl(seen: readonly SeenRequest[]): Map<string, (string | undefined)[]> {
  const groups = Map.groupBy(seen, ({ url }) => url);
  return new Map([...groups].map(([url, requests]) => [url, keysOf(requests)]));
}

describe('The key of a call', () => {
  const upstream = useUpstream();
  const start = useBuiltService();
  const newFolder = useTempFolders();
  // The tests send the same ids: each list is a new one.
  const shared = (path: string) =>
    useSharedService(() => ({
      ...QUICK,
      IDEMPOTENCY_BY_CONTENT: 'false',
      EXTERNAL_API_URL: upstream.urlOf(path),
    }));
  const atOnce = shared('/process');
  const idById = shared('/items/{id}');

  describe.each(UNKNOWN)('where %s', (_, behaviour) => {
    it('is the same for the same ids of one request, and no other id joins them', async () => {
      await upstream.play(behaviour, behaviour, 'good');
      const client = new TestClient(atOnce.url);
      const first = await client.submit([1, 2]);
      await waitFor('the first call', async () => (await upstream.seen()).length > 0);
      const second = await client.submit([3]);
      await client.waitForStatus(first, 'completed');
      await client.waitForStatus(second, 'completed');

      const seen = await upstream.seen();
      const together = seen.filter(({ body }) => body.includes('1'));
      expect(together.map(({ body }) => body)).toEqual(together.map(() => '{"ids":[1,2]}'));
      expect(together.length).toBeGreaterThanOrEqual(2);
      expect(new Set(keysOf(together)).size).toBe(1);
      expect(new Set(keysOf(seen)).size).toBe(2);
    });

    it('is the same for one id of a request of its own', async () => {
      await upstream.play(behaviour, 'good');
      const client = new TestClient(idById.url);
      await client.waitForStatus(await client.submit([1, 2]), 'completed');

      const seen = await upstream.seen();
      expect(seen.length).toBeGreaterThanOrEqual(3);
      expect([...byUrl(seen).values()].map((keys) => new Set(keys).size)).toEqual([1, 1]);
      expect(new Set(keysOf(seen)).size).toBe(2);
    });
  });

  it.each(ANSWERED)('is a new one after the answer "%s"', async (behaviour) => {
    await upstream.play(behaviour, 'good');
    const client = new TestClient(atOnce.url);
    await client.waitForStatus(await client.submit([1, 2]), 'completed');

    expect(new Set(keysOf(await upstream.seen())).size).toBe(2);
  });

  it('is the same while the upstream answers 409 to a repeated call, and the ids do not fail by it', async () => {
    await upstream.play('cut', 'at work', 'at work', 'good');
    const service = await start({
      ...QUICK,
      EXTERNAL_API_URL: upstream.urlOf('/process'),
      MAX_ATTEMPTS: '4',
    });
    const client = new TestClient(service.url);
    await client.waitForStatus(await client.submit([1, 2]), 'completed');

    const keys = keysOf(await upstream.seen());
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
  });

  it('fails the ids for good by a 409 to the first call', async () => {
    await upstream.play('at work');
    const service = await start({ ...QUICK, EXTERNAL_API_URL: upstream.urlOf('/process') });
    const client = new TestClient(service.url);
    await client.waitForStatus(await client.submit([1, 2]), 'failed');

    expect(await upstream.seen()).toHaveLength(1);
  });

  it.each([
    ['one request a dispatch', '/process', 1],
    ['one request an id', '/items/{id}', 3],
  ])('is the same after a kill -9 in the middle of a call: %s', async (_, path, requests) => {
    await upstream.play('slow headers');
    const dataDir = newFolder();
    const variables = {
      ...QUICK,
      DATA_DIR: dataDir,
      EXTERNAL_API_TIMEOUT: '30',
      EXTERNAL_API_URL: upstream.urlOf(path),
    };
    const killed = await start(variables);
    const id = await new TestClient(killed.url).submit([1, 2, 3]);
    const sent = await waitFor('the calls', async () => {
      const seen = await upstream.seen();
      return seen.length === requests ? seen : undefined;
    });
    await killed.kill();
    await upstream.play('good');

    const client = new TestClient((await start(variables)).url);
    await client.waitForStatus(id, 'completed');

    const again = await upstream.seen();
    expect(byUrl(again)).toEqual(byUrl(sent));
    expect(again.map(({ body }) => body).sort()).toEqual(sent.map(({ body }) => body).sort());
  });

  it('is the same after a stop that cuts the call off', async () => {
    await upstream.play('slow headers');
    const dataDir = newFolder();
    const url = upstream.urlOf('/process');
    const variables = { ...QUICK, DATA_DIR: dataDir, SHUTDOWN_GRACE: '0', EXTERNAL_API_TIMEOUT: '30' };
    const stopped = await start({ ...variables, EXTERNAL_API_URL: url });
    const id = await new TestClient(stopped.url).submit([1, 2]);
    const sent = await waitFor('the call', async () => {
      const seen = await upstream.seen();
      return seen.length > 0 ? seen : undefined;
    });
    expect(await stopped.stop()).toBe(0);
    await upstream.play('good');

    const client = new TestClient((await start({ ...variables, EXTERNAL_API_URL: url })).url);
    await client.waitForStatus(id, 'completed');

    expect(keysOf(await upstream.seen())).toEqual(keysOf(sent));
  });
});
