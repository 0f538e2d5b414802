import { join } from 'node:path';
import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { pinned, SLUICE_MAIN } from '../settings.ts';
import { startContestantPostgres } from './contestant-postgres.ts';
import { startOver, type Contestant, type RunningContestant } from './contestant.ts';
import { countRows, countSqliteRows } from './count-rows.ts';

const IDS_KEPT = 'SELECT coalesce(sum(length(packed_ids)), 0) / 8 AS ids FROM';

/** Starts the gate on its embedded store, with the default settings except for `environment`. */
export function startSluice(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  return ServiceProcess.start({
    name: 'Sluice',
    command: pinned('contestant', process.execPath, SLUICE_MAIN),
    environment: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: dataDir,
      ...environment,
    },
  });
}

/** The gate with the default settings. */
export const sluiceOnSqlite: Contestant = {
  name: 'Sluice, SQLite',
  async start(folder): Promise<RunningContestant> {
    const dataDir = join(folder, 'sluice');
    const service = await startSluice(dataDir);
    return {
      url: service.url,
      pid: service.pid,
      async countKept(): Promise<number> {
        await service.kill(); // everything it acknowledged must still be stored
        return countSqliteRows(dataDir, `${IDS_KEPT} chunk`);
      },
      stop: () => service.kill(),
    };
  },
};

/** The gate on a PostgreSQL server of its own. */
export const sluiceOnPostgres: Contestant = {
  name: 'Sluice, PostgreSQL',
  async start(folder): Promise<RunningContestant> {
    const server = await startContestantPostgres();
    const { service, stop } = await startOver(server, () =>
      startSluice(folder, { DATABASE_URL: server.url }),
    );
    return {
      url: service.url,
      pid: service.pid,
      async countKept(): Promise<number> {
        await service.kill();
        return countRows(server.url, `${IDS_KEPT} sluice.chunk`);
      },
      stop,
    };
  },
};
