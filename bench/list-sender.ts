/** Streams the list in the file argv[3] to the service at argv[2] and prints the response. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';

const [, , url = '', file = ''] = process.argv;
const sending = request(`${url}/ingest/stream?priority=LOW`, {
  method: 'POST',
  // The random key makes it a new list each time.
  headers: { 'Content-Type': 'text/plain', 'Idempotency-Key': randomUUID() },
});
const answered = once(sending, 'response');
await pipeline(createReadStream(file), sending);
const [response] = (await answered) as [IncomingMessage];
await pipeline(response, process.stdout);
