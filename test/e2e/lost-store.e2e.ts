import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { StoreProbe } from '../../src/operations/health/store-probe.js';
import { useApps } from '../support/app.js';

const LIST = { ids: [1, 2, 3], priority: 'HIGH' };

describe('The embedded store, its file removed under the running service,', () => {
  const startApp = useApps();

  it('is 503 for every list, and for health with the reason', async () => {
    const { app, request, dataDir } = await startApp();
    await request.post('/ingest').send(LIST).expect(200);
    for (const file of ['sluice.sqlite', 'sluice.sqlite-wal']) {
      rmSync(join(dataDir, file));
    }

    const refused = await request.post('/ingest').send(LIST).expect(503);
    expect(refused.body.detail).toBe('the file of the store is gone');
    expect(refused.headers['retry-after']).toBe('1');
    await app.get(StoreProbe).probe();
    const health = await request.get('/health').expect(503);
    expect(health.body.detail).toBe('the file of the store is gone');
    const ready = await request.get('/health/ready').expect(503);
    expect(ready.body.errors).toContainEqual({ field: 'store', message: 'the file of the store is gone' });
    await request.get('/health/live').expect(200);
  });
});
