import { jest } from '@jest/globals';
import { createSluiceClient, type SluiceClientOptions } from '../../src/clients/typescript/sluice-client.js';

type Answer = Response | Error | ((request: Request) => Response | Promise<Response>);

export const ACCEPTED = { ingestion_id: 'a' };
export const LIST = { ids: [1, 2n], priority: 'HIGH' } as const;

/** A client whose requests get one answer each, in this order; `seen` are the requests with their bodies. */
export function scripted(answers: readonly Answer[], options: Partial<SluiceClientOptions> = {}) {
  const left = [...answers];
  const seen: { method: string; url: string; headers: Headers; body: string; atMs: number }[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const { method, url, headers } = request;
    seen.push({ method, url, headers, body: await request.text(), atMs: Date.now() });
    const answer = left.shift();
    if (answer === undefined || answer instanceof Error) {
      throw answer ?? new Error('no answer is left');
    }
    return answer instanceof Response ? answer : answer(request);
  };
  const sluice = createSluiceClient({ baseUrl: 'http://sluice', fetch, ...options });
  return { sluice, seen };
}

export function problem(status: number, headers: Record<string, string> = {}): Response {
  const body = { detail: `it is ${String(status)}`, status_code: status };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
}

/** Resolves with a promise's outcome while the fake time passes. */
export async function settled<T>(promise: Promise<T>): Promise<T | Error> {
  const outcome = promise.catch((error: unknown) => error as Error);
  await jest.runAllTimersAsync();
  return outcome;
}

export const networkError = () => new TypeError('fetch failed');
