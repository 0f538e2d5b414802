import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../crash/http-client.ts';
import type { Target } from '../crash/target.ts';
import { LANES } from './settings.ts';
import type { Tally } from './tally.ts';

const BETWEEN_MS = 100;
const REDRIVE_EVERY = 200;

const PAGES = [
  '/',
  '/health',
  '/health/ready',
  '/queue',
  '/queue/next',
  '/history',
  '/lanes',
  '/ingestions?limit=100',
  '/dispatches?limit=100',
  '/dead-letters?limit=100',
  '/dead-letters/counts',
  '/audit',
  '/whoami',
  '/openapi.json',
  '/docs',
  '/redoc',
  ...LANES.flatMap((lane) => [`/lanes/${lane}`, `/queue/next?lane=${lane}`, `/history?lane=${lane}`]),
];

/** Reads every page in turn, and the results of the newest list; redrives all dead letters now and then. */
export async function readPages(target: Target, tally: Tally, signal: AbortSignal): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    const page = PAGES[round % PAGES.length] ?? '/';
    const text = await read('GET', page);
    if (page.startsWith('/ingestions')) {
      const [, ingestionId] = /"ingestion_id":"([^"]+)"/.exec(text) ?? [];
      await read('GET', `/status/${String(ingestionId)}`);
      await read('GET', `/ingestions/${String(ingestionId)}/results`);
    }
    if (round % REDRIVE_EVERY === REDRIVE_EVERY - 1) {
      await read('POST', '/dead-letters/redrive?all=true');
    }
    await sleep(BETWEEN_MS);
  }

  async function read(method: 'GET' | 'POST', path: string): Promise<string> {
    const reply = await ask({ method, url: `${await target.reachable()}${path}` }).catch(() => null);
    tally.count(method, path, reply?.status);
    return reply?.text ?? '';
  }
}
