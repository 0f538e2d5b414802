/**
 * Sends requests at a steady interval, whether or not those before were answered, until a status read says
 * `completed`. Its standard input is a line with a Reading, and a line to begin. Its standard output is a line when it is
 * ready, and a line with a ReadingResult.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { monotonicSeconds } from './monotonic-clock.ts';
import type { Reading, ReadingResult, TimedRequest } from './reader.ts';

const COMPLETED = /"status":\s*"completed"/;
const IDS_PER_LIST = 5;

const lines = createInterface({ input: process.stdin });
const next = async (): Promise<string> => String(((await once(lines, 'line')) as unknown[])[0]);

const { requests, intervalMs, timeoutMs } = JSON.parse(await next()) as Reading;
const agent = new Agent({ keepAlive: true });
const tookMs: Record<string, number[]> = Object.fromEntries(requests.map(({ name }) => [name, []]));
const failures: string[] = [];
const running = new Set<Promise<void>>();
let nextId = 1_000_000_000_000;

for (const timed of requests) {
  await send(timed); // the connection is open and the code is loaded before the first that counts
}
console.log('ready');
await next();
for (const durations of Object.values(tookMs)) {
  durations.length = 0;
}
const completed = Promise.withResolvers<number>();
const sending = setInterval(() => {
  for (const timed of requests) {
    const sent = send(timed).then((body) => {
      if (timed.endsWhenCompleted && COMPLETED.test(body)) {
        completed.resolve(monotonicSeconds());
      }
    });
    running.add(sent);
    void sent.finally(() => running.delete(sent));
  }
}, intervalMs);
const late = setTimeout(() => {
  completed.reject(new Error(`nothing was completed after ${String(timeoutMs)} ms`));
}, timeoutMs);
const completedAtSeconds = await completed.promise;
clearTimeout(late);
clearInterval(sending);
await Promise.all(running);
agent.destroy();
lines.close();
process.stdin.destroy();
console.log(JSON.stringify({ tookMs, failures, completedAtSeconds } satisfies ReadingResult));

/** Resolves with the body of the answer. An error or another status than 200 counts as a failure. */
async function send({ name, method, url }: TimedRequest): Promise<string> {
  const start = performance.now();
  try {
    const { status, body } = await exchange(method, url);
    tookMs[name]?.push(performance.now() - start);
    if (status !== 200) {
      failures.push(`${name}: status ${String(status)}`);
    }
    return body;
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    return '';
  }
}

function exchange(method: 'GET' | 'POST', url: string): Promise<{ status: number; body: string }> {
  const list = method === 'POST' ? Array.from({ length: IDS_PER_LIST }, () => nextId++) : null;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      method,
      headers: list === null ? {} : { 'Content-Type': 'application/json' },
    });
    sent.on('error', reject).on('response', (response) => {
      let body = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (body += chunk))
        .on('error', reject)
        .on('end', () => {
          resolve({ status: response.statusCode ?? 0, body });
        });
    });
    sent.end(list === null ? undefined : JSON.stringify({ ids: list, priority: 'LOW' }));
  });
}
