/**
 * Submits a small list to the service at argv[2] every argv[3] ms. For each line on its standard input it
 * writes one line with the duration (ms) of each request sent since the previous line. Ends with its input.
 */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';

const IDS_A_LIST = 5;

const [, , url = '', everyMs = ''] = process.argv;
const agent = new Agent({ keepAlive: true });
let nextId = Date.now() * 1000;
let tookMs: Promise<number>[] = [];

const sending = setInterval(() => {
  tookMs.push(handOver());
}, Number(everyMs));

const commands = createInterface({ input: process.stdin }).on('line', () => {
  const taken = tookMs;
  tookMs = [];
  void Promise.all(taken).then((all) => process.stdout.write(`${JSON.stringify(all)}\n`));
});
await once(commands, 'close');
clearInterval(sending);
await Promise.all(tookMs);
agent.destroy();

function handOver(): Promise<number> {
  const ids = Array.from({ length: IDS_A_LIST }, () => nextId++);
  const body = JSON.stringify({ ids, priority: 'HIGH' });
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    request(`${url}/ingest`, {
      agent,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': body.length },
    })
      .on('error', reject)
      .on('response', (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) {
            resolve(performance.now() - startMs);
          } else {
            reject(new Error(`a small list was answered with ${String(response.statusCode)}`));
          }
        });
      })
      .end(body);
  });
}
