/**
 * The limit of a pace on this machine: a process that writes a small request to an upstream socket as soon as
 * the delay since the last one is over. It begins with the first list, stores nothing, and does nothing else.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** Timers of Node.js fire up to about a millisecond late. */
const FINE_MS = 1.5;
const BODY = '{"ids":[1,2,3]}';

const upstream = new URL(process.env['EXTERNAL_API_URL'] ?? '');
const delayMs = Number(process.env['BATCH_DELAY']) * 1000;
const request =
  `POST ${upstream.pathname} HTTP/1.1\r\nhost: ${upstream.host}\r\ncontent-type: application/json\r\n` +
  `idempotency-key: 01a20bac-68c5-853f-af21-41ce2bd8da8a\r\ncontent-length: ${String(BODY.length)}\r\n\r\n${BODY}`;
const socket = connect({ port: Number(upstream.port), host: upstream.hostname, noDelay: true });
socket.resume();
await once(socket, 'connect');

let leftMs: number | null = null;

function waitOut(): void {
  const leftOverMs = (leftMs ?? 0) + delayMs - performance.now();
  if (leftOverMs > FINE_MS) {
    setTimeout(waitOut, leftOverMs - FINE_MS);
    return;
  }
  if (leftOverMs <= 0) {
    socket.write(request);
    leftMs = performance.now();
  }
  setImmediate(waitOut);
}

const server = createServer((list, response) => {
  list.resume();
  list.on('end', () => {
    if (leftMs === null) {
      leftMs = performance.now();
      waitOut();
    }
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(
    `the bare socket listens on http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
  );
});
