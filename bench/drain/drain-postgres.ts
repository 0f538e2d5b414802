import { Client } from 'pg';
import { pidOf, startUsedPostgres } from '../used-postgres.ts';
import { pinned } from '../settings.ts';

/** A PostgreSQL server on the contestants' core, with an empty database for each run. */
export interface DrainPostgres {
  readonly pid: number;
  /** Drops the database of the run before, and resolves with the URL of a new one. */
  nextDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a server whose log files exist already, for one contestant alone. */
export async function startDrainPostgres(): Promise<DrainPostgres> {
  const server = await startUsedPostgres(pinned('contestant', process.execPath));
  let runs = 0;
  return {
    pid: pidOf(server),
    async nextDatabase(): Promise<string> {
      const client = new Client({ connectionString: server.url });
      await client.connect();
      try {
        if (runs > 0) {
          await client.query(`DROP DATABASE IF EXISTS run_${String(runs)} WITH (FORCE)`);
        }
        runs += 1;
        await client.query(`CREATE DATABASE run_${String(runs)}`);
        await client.query('CHECKPOINT');
      } finally {
        await client.end();
      }
      return new URL(`/run_${String(runs)}`, server.url).href;
    },
    stop: () => server.stop(),
  };
}
