import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { pinned, SLUICE_MAIN } from '../settings.ts';

/** The gate on its embedded store, as it stands by default but for what `environment` says. */
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

export interface StoreCount {
  readonly ingestions: number;
  readonly ids: number;
}

/** What the store holds: ingestions, and the ids that really stand in its chunks. The service must have ended. */
export function countStore(dataDir: string): StoreCount {
  const database = new DatabaseSync(join(dataDir, 'sluice.sqlite'));
  try {
    const row = database
      .prepare(
        `SELECT (SELECT count(*) FROM ingestion) AS ingestions,
                (SELECT coalesce(sum(length(packed_ids)), 0) / 8 FROM chunk) AS ids`,
      )
      .get();
    return { ingestions: Number(row?.['ingestions']), ids: Number(row?.['ids']) };
  } finally {
    database.close();
  }
}
