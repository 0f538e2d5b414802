// Submits a list, prints each batch as it completes, and then the result of each id.
import { createSluiceClient } from '@sluice/client';

const sluice = createSluiceClient({ baseUrl: process.env.SLUICE_URL ?? 'http://localhost:8000' });

const { ingestion_id: id } = await sluice.submit({
  ids: [1, 2, 3, 4, 10000000000000000007n],
  priority: 'HIGH',
});

for await (const { type, data } of sluice.events(id)) {
  if (type === 'batch' && data.status === 'completed') {
    console.log(`sent ${data.ids.join(', ')}`);
  } else if (type === 'done') {
    console.log(`the list is ${data.status}`);
  }
}

for await (const result of sluice.results(id)) {
  console.log(`${result.id}: ${result.status}, ${JSON.stringify(result.data)}`);
}
