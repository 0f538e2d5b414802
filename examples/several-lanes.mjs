// Sends one list to each of two lanes. The service needs LANES_FILE=several-lanes.yaml, which gives each lane a pace of
// its own.
import { createSluiceClient } from '@sluice/client';

const sluice = createSluiceClient({ baseUrl: process.env.SLUICE_URL ?? 'http://localhost:8000' });

for (const [lane, ids] of [
  ['crm', [1, 2, 3, 4, 5, 6]],
  ['billing', [7, 8]],
]) {
  const { ingestion_id: id } = await sluice.submit({ ids, priority: 'LOW', lane });
  const { status, progress } = await sluice.waitUntilDone(id);
  const { data } = await sluice.GET('/dispatches', { params: { query: { ingestion_id: id } } });
  console.log(`${lane}: ${progress.total} ids ${status} in ${data.dispatches.length} dispatches`);
}

const refused = await sluice.submit({ ids: [9], priority: 'LOW', lane: 'shop' }).catch((error) => error);
console.log(`shop: ${refused.status}, ${refused.message}`);
