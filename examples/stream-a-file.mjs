// Submits a CSV file of any length. The file is sent as it is read, so it never has to fit into memory.
import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSluiceClient } from '@sluice/client';

const url = process.env.SLUICE_URL ?? 'http://localhost:8000';
const sluice = createSluiceClient({ baseUrl: url });

const folder = await mkdtemp(join(tmpdir(), 'stream-a-file-'));
const file = join(folder, 'customers.csv');
const rows = Array.from({ length: 10_000 }, (_, i) => `"Customer, ${i + 1}",${i + 1}`);
await writeFile(file, ['name,customer_id', ...rows, ''].join('\n'));

const response = await fetch(`${url}/ingest/stream?priority=LOW&column=customer_id`, {
  method: 'POST',
  headers: { 'Content-Type': 'text/csv', 'Idempotency-Key': randomUUID() },
  body: await openAsBlob(file),
});
const { ingestion_id: id, total } = await response.json();
console.log(`accepted ${total} ids`);
console.log((await sluice.waitUntilDone(id)).status);
await rm(folder, { recursive: true });
