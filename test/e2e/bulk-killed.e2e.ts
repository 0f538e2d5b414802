import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(120_000);

const IDS = 30_000;

describe('A service that is killed while a bulk action runs', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();

  async function call<T>(url: string, path: string, body?: object): Promise<T> {
    const response = await fetch(url + path, {
      ...(body !== undefined && {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    return (await response.json()) as T;
  }

  it('goes on after its restart, and counts each id once', async () => {
    const variables = {
      DATA_DIR: newFolder(),
      BATCH_DELAY: '0',
      BATCH_SIZE: '1000',
      MAX_ATTEMPTS: '1',
      MOCK_ERROR_RATE: '1',
      MOCK_DELAY_MIN: '0',
      MOCK_DELAY_MAX: '0',
      BREAKER_THRESHOLD: '0',
    };
    const service = await start(variables);
    const ids = Array.from({ length: IDS }, (_, i) => i + 1);
    await call(service.url, '/ingest', { ids, priority: 'LOW' });
    const total = async (url: string): Promise<number> =>
      (await call<{ total_ids: number }>(url, '/dead-letters/counts')).total_ids;
    while ((await total(service.url)) < IDS) {
      await sleep(100);
    }
    const { bulk_action_id: id } = await call<{ bulk_action_id: string }>(service.url, '/bulk-actions', {
      action: 'discard',
      filter: {},
    });
    const read = (url: string): Promise<{ state: string; ids_done: number }> =>
      call(url, `/bulk-actions/${id}`);
    await call(service.url, `/bulk-actions/${id}/start`, {});
    while ((await read(service.url)).ids_done === 0) {
      await sleep(2);
    }
    await service.kill();

    const again = await start(variables);
    const begun = await read(again.url);
    expect(begun.state).toBe('running');
    expect(begun.ids_done).toBeLessThan(IDS);
    while ((await read(again.url)).state === 'running') {
      await sleep(100);
    }
    expect(await read(again.url)).toMatchObject({ state: 'completed', ids: IDS, ids_done: IDS, skipped: 0 });
    expect(await total(again.url)).toBe(0);
  });
});
