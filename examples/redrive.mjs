// Repairs an upstream and sends the ids that failed again. This program is the upstream: the service needs
// EXTERNAL_API_URL='http://127.0.0.1:9000/items/{id}', and UPSTREAM_PORT is 9000.
import { createServer } from 'node:http';
import { createSluiceClient } from '@sluice/client';

const sluice = createSluiceClient({ baseUrl: process.env.SLUICE_URL ?? 'http://localhost:8000' });

let isRepaired = false;
const upstream = createServer((request, response) => {
  const isKnown = isRepaired || !request.url.endsWith('/2');
  response.writeHead(isKnown ? 200 : 404, { 'Content-Type': 'application/json' }).end('"in stock"');
});
await new Promise((resolve) => upstream.listen(process.env.UPSTREAM_PORT ?? 9000, '127.0.0.1', resolve));

const { ingestion_id: id } = await sluice.submit({ ids: [1, 2, 3], priority: 'HIGH' });
console.log((await sluice.waitUntilDone(id)).status);
for await (const letter of sluice.deadLetters({ ingestion_id: id })) {
  console.log(`${letter.id} failed: ${letter.error.kind}, ${letter.error.message}`);
}

isRepaired = true;
const { data } = await sluice.POST('/ingestions/{ingestion_id}/redrive', {
  params: { path: { ingestion_id: id } },
});
console.log(`${data.redriven} sent again`);
console.log((await sluice.waitUntilDone(id)).status);
upstream.close();
upstream.closeAllConnections();
