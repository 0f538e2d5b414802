import { startContestantPostgres } from './contestant-postgres.ts';
import { startOver, type Contestant, type RunningContestant } from './contestant.ts';
import { countRows } from './count-rows.ts';
import { runSource } from './run-source.ts';

/** NestJS in front of pg-boss, on a PostgreSQL server of its own. */
export const pgBoss: Contestant = {
  name: 'pg-boss',
  async start(): Promise<RunningContestant> {
    const server = await startContestantPostgres();
    const { service, stop } = await startOver(server, () =>
      runSource('pg-boss', 'pg-boss-app.ts', { DATABASE_URL: server.url }),
    );
    return {
      url: service.url,
      pid: service.pid,
      async countKept(): Promise<number> {
        await service.kill();
        return countRows(server.url, `SELECT count(*) FROM pgboss.job WHERE name = 'ids'`);
      },
      stop,
    };
  },
};
