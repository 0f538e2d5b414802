import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Behaviour, SeenRequest } from './protocol.ts';

/**
 * Runs an upstream that misbehaves as scripted: each request takes the next behaviour of the script, and the
 * last one stays. `PUT /script` sets the script, `GET /seen` returns the requests received.
 */
let script: Behaviour[] = ['good'];
const seen: SeenRequest[] = [];

const BOMB_BYTES = 64 * 1024 * 1024;
const bomb = gzipSync(Buffer.alloc(BOMB_BYTES, ' '));

type Play = (response: ServerResponse, answer: string) => void;

const json = (response: ServerResponse, answer: string, headers: Record<string, string> = {}): void => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(answer);
};

const refuse =
  (status: number, headers: Record<string, string> = {}): Play =>
  (response) => {
    response.writeHead(status, headers).end('{"error":"no"}');
  };

const PLAYS: Readonly<Record<Behaviour, Play>> = {
  good: json,
  gzip: (response, answer) => {
    const body = gzipSync(answer);
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(body);
  },
  brotli: (response, answer) => {
    const body = brotliCompressSync(answer);
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'br' }).end(body);
  },
  'slow headers': () => undefined,
  'slow body': (response, answer) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.write(answer.slice(0, 1));
  },
  reset: (response, answer) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length + 1000 });
    response.write(answer, () => response.socket?.resetAndDestroy());
  },
  cut: (response) => {
    response.socket?.resetAndDestroy();
  },
  'at work': refuse(409),
  'wrong type': (response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please log in</html>');
  },
  'wrong json': (response) => {
    json(response, '{"results": [');
  },
  'other json': (response) => {
    json(response, '"hello"');
  },
  'gzip bomb': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
  },
  'spoilt gzip': (response) => {
    json(response, 'this is not gzip', { 'content-encoding': 'gzip' });
  },
  endless: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const more = (): void => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  },
  redirect: refuse(307, { location: 'http://127.0.0.1:1/elsewhere' }),
  'endless refusal': (response) => {
    response.writeHead(500, { 'content-type': 'text/plain' });
    response.write('no');
  },
  'wait by seconds': refuse(429, { 'retry-after': '2' }),
  'wait by minutes': refuse(429, { 'retry-after': '600' }),
  'wait by date': (response) => {
    const until = new Date(Date.now() + 3000).toUTCString();
    refuse(503, { 'retry-after': until })(response, '');
  },
  'wait by decimals': refuse(429, { 'retry-after': '1.5' }),
  'none left': (response, answer) => {
    const reset = String(Math.ceil(Date.now() / 1000) + 3);
    json(response, answer, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
  },
  'none left by other names': (response, answer) => {
    json(response, answer, { 'x-calls-left': '0', 'x-calls-next': '600s', 'x-ratelimit-remaining': '7' });
  },
  'too many': refuse(429),
  broken: refuse(500),
  unauthorized: refuse(401),
  'not found': refuse(404),
};

function answerTo(url: string, body: string): string {
  const one = /^\/items\/(\d+)$/.exec(url);
  if (one !== null) {
    return `{"id":${one[1] ?? ''},"big":12345678901234567890.5}`;
  }
  const ids = /"ids":\[([\d,]*)\]/.exec(body)?.[1]?.split(',') ?? [];
  return `{"results":[${ids.map((id) => `{"id":${id},"data":{"big":12345678901234567890}}`).join(',')}]}`;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const atMs = Date.now();
  const { method = '', url = '', headers } = request;
  const body = await text(request);
  if (url === '/script') {
    script = JSON.parse(body) as Behaviour[];
    response.end();
  } else if (url === '/seen') {
    response.end(JSON.stringify(seen));
  } else {
    seen.push({ atMs, method, url, headers, body });
    const [behaviour = 'good'] = script.length > 1 ? script.splice(0, 1) : script;
    PLAYS[behaviour](response, answerTo(url, body));
  }
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${String((server.address() as AddressInfo).port)}\n`);
});
process.on('disconnect', () => process.exit());
