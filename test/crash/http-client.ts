import { Agent, request } from 'node:http';
import { LIMITS } from './settings.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when the request has been sent. */
  readonly sent?: () => void;
}

const agent = new Agent({ keepAlive: true });

let defaultKey: string | null = null;

/** Sets the API key of all requests that carry none; null for no key. */
export function useApiKey(key: string | null): void {
  defaultKey = key;
}

/** Resolves with the whole response; rejects if the connection is lost before. */
export function ask({ method, url, body, headers: given, sent }: Question): Promise<Reply> {
  const headers = { ...(defaultKey !== null && { authorization: `Bearer ${defaultKey}` }), ...given };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent, timeout: LIMITS.requestMs, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.once('error', reject).once('aborted', () => {
        reject(new Error('the answer was cut off'));
      });
      incoming.once('end', () => {
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.once('error', reject).once('timeout', () => {
      outgoing.destroy(new Error(`no answer within ${String(LIMITS.requestMs)} ms`));
    });
    outgoing.end(body, () => sent?.());
  });
}
