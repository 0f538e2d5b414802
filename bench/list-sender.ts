/** Streams the list in the file argv[3] to the service at argv[2], and writes what it answers to its standard output. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';

const [, , url = '', file = ''] = process.argv;
const sending = request(`${url}/ingest/stream?priority=LOW`, {
  method: 'POST',
  // With a key of its own it is a new list, whatever was sent before.
  headers: { 'Content-Type': 'text/plain', 'Idempotency-Key': randomUUID() },
});
const answered = once(sending, 'response');
await pipeline(createReadStream(file), sending);
const [response] = (await answered) as [IncomingMessage];
await pipeline(response, process.stdout);
