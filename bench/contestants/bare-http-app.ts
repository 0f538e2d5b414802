/** The limit: Node.js's own HTTP server, which reads the body, parses it and answers. It stores nothing. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { ids } = JSON.parse(Buffer.concat(chunks).toString()) as { ids: unknown[] };
    const body = JSON.stringify(ids.length > 0 ? { ingestion_id: randomUUID() } : {});
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`bare HTTP listens on http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
});
