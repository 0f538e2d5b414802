import { request, type Agent, type IncomingMessage } from 'node:http';
import type { FuzzedRequest } from './requests.js';

export interface Answer {
  readonly status: number;
  /** The media type without its parameters; empty if there is none. */
  readonly contentType: string;
  /** The body; of a stream only its beginning. */
  readonly body: string;
}

const LONGEST_MS = 10_000;

/**
 * Sends a request unchanged; `fetch` would normalize its path.
 * @throws Error if the response does not end in time.
 */
export function ask(agent: Agent, url: string, method: string, sent: FuzzedRequest): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const call = request(
    {
      agent,
      hostname,
      port,
      method,
      path: sent.target,
      // Without a length, Node.js sends the body of a DELETE as if it were the next request.
      headers: {
        ...sent.headers,
        ...(sent.body !== undefined && { 'content-length': Buffer.byteLength(sent.body) }),
      },
      signal: AbortSignal.timeout(LONGEST_MS),
    },
    (response) => {
      read(response).then(resolve, reject);
    },
  );
  call.on('error', reject);
  call.end(sent.body);
  return promise;
}

async function read(response: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers } = response;
  const contentType = headers['content-type']?.split(';', 1)[0] ?? '';
  if (contentType === 'text/event-stream') {
    response.destroy();
    return { status, contentType, body: '' };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
  }
  const isPlain = headers['content-encoding'] === undefined;
  return { status, contentType, body: isPlain ? Buffer.concat(chunks).toString() : '' };
}
