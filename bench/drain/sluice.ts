import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { countRows, countSqliteRows } from '../contestants/count-rows.ts';
import { runLoad } from '../load.ts';
import { callService } from './call-service.ts';
import type { DrainContestant, DrainRun, OpenContestant } from './contestant.ts';
import { startDrainPostgres } from './drain-postgres.ts';
import { startSilently, type SilentService } from './silent-service.ts';

/** The settings of Sluice, and the form of its lists. */
export interface SluiceVariant {
  readonly store: 'SQLite' | 'PostgreSQL';
  readonly idsPerDispatch: number;
  readonly logLevel?: 'WARNING' | 'INFO';
  /** True for a list for each id; otherwise one list holds them all. */
  readonly isListPerId?: boolean;
}

/** No pace, an upstream that answers at once, and as many calls in flight as the peers have. */
const FLAT_OUT = { BATCH_DELAY: '0', MAX_IN_FLIGHT: '50', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' };
const CONNECTIONS = 64;
/** No list has more ids. */
const MAX_IDS_PER_LIST = 100_000;
const SETTLED_IDS = 'SELECT coalesce(sum(completed), 0) AS ids FROM';

export function sluice(variant: SluiceVariant): DrainContestant {
  const { store, idsPerDispatch, logLevel = 'WARNING', isListPerId = false } = variant;
  const name = [
    `Sluice, ${store}, ${String(idsPerDispatch)} a dispatch`,
    ...(isListPerId ? ['lists of 1 id'] : []),
    ...(logLevel === 'INFO' ? ['INFO'] : []),
  ].join(', ');
  const environment = { ...FLAT_OUT, BATCH_SIZE: String(idsPerDispatch), LOG_LEVEL: logLevel };
  return {
    name,
    open: (folder) => (store === 'SQLite' ? openOnSqlite : openOnPostgres)(folder, environment, isListPerId),
  };
}

async function openOnSqlite(
  folder: string,
  environment: Readonly<Record<string, string>>,
  isListPerId: boolean,
): Promise<OpenContestant> {
  let runs = 0;
  return {
    async start(): Promise<DrainRun> {
      runs += 1;
      const dataDir = join(folder, `sluice-${String(runs)}`);
      mkdirSync(dataDir, { recursive: true });
      const service = await startSilently(`${dataDir}.log`, { ...environment, DATA_DIR: dataDir });
      const countSettled = async (): Promise<number> => countSqliteRows(dataDir, `${SETTLED_IDS} ingestion`);
      return startRun(service, [service.pid], isListPerId, countSettled);
    },
    close: async () => undefined,
  };
}

async function openOnPostgres(
  folder: string,
  environment: Readonly<Record<string, string>>,
  isListPerId: boolean,
): Promise<OpenContestant> {
  mkdirSync(folder, { recursive: true });
  const server = await startDrainPostgres();
  return {
    async start(): Promise<DrainRun> {
      const url = await server.nextDatabase();
      const service = await startSilently(join(folder, 'sluice.log'), { ...environment, DATABASE_URL: url });
      const countSettled = (): Promise<number> => countRows(url, `${SETTLED_IDS} sluice.ingestion`);
      return startRun(service, [service.pid, server.pid], isListPerId, countSettled);
    },
    close: () => server.stop(),
  };
}

async function startRun(
  { url, kill }: SilentService,
  pids: readonly number[],
  isListPerId: boolean,
  countSettled: () => Promise<number>,
): Promise<DrainRun> {
  let nextId = 1;
  const post = async (path: string): Promise<void> => {
    await callService(`${url}${path}`, 'POST');
  };
  await post('/queue/pause');
  return {
    pids,
    async accept(ids): Promise<string> {
      if (isListPerId) {
        await acceptSingly(url, nextId, ids - 1);
        nextId += ids - 1;
      }
      let left = isListPerId ? 1 : ids;
      let last = '';
      while (left > 0) {
        const size = Math.min(left, MAX_IDS_PER_LIST);
        last = await acceptList(url, nextId, size);
        nextId += size;
        left -= size;
      }
      return `${url}/status/${last}?batches=none`;
    },
    work: () => post('/queue/resume'),
    rest: () => post('/queue/pause'),
    async countPending(): Promise<number> {
      const queue = (await callService(`${url}/queue`, 'GET')) as {
        waiting: { total: number };
        retries_waiting: number;
        in_flight: number;
      };
      return queue.waiting.total + queue.retries_waiting + queue.in_flight;
    },
    async countSettled(): Promise<number> {
      await kill(); // everything it reported must be stored
      return countSettled();
    },
    stop: kill,
  };
}

async function acceptSingly(url: string, firstId: number, lists: number): Promise<void> {
  const { answered, refused } = await runLoad({
    url,
    connections: CONNECTIONS,
    requests: lists,
    kind: { name: 'ingest', idsPerRequest: 1, firstId },
  });
  if (answered !== lists || refused > 0) {
    throw new Error(`Sluice accepted ${String(answered)} of ${String(lists)} lists`);
  }
}

async function acceptList(url: string, firstId: number, size: number): Promise<string> {
  const ids = Array.from({ length: size }, (_, i) => firstId + i);
  const accepted = (await callService(`${url}/ingest`, 'POST', JSON.stringify({ ids, priority: 'LOW' }))) as {
    ingestion_id: string;
  };
  return accepted.ingestion_id;
}
