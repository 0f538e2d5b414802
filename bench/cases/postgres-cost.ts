import { Client } from 'pg';
import { startOwnPostgres } from '../../test/support/postgres.ts';
import { startSluice } from '../contestants/sluice.ts';
import { runLoad } from '../load.ts';
import { seriesOf } from '../statistics.ts';
import type { BenchCase } from './bench-case.ts';

const REQUESTS = 20_000;
const IDS_PER_REQUEST = 5;
const CONNECTIONS = [1, 64];

interface Counters {
  readonly commits: number;
  readonly walBytes: number;
}

/** Measures the transactions (a round trip each) and the WAL bytes of an acceptance. */
export const postgresCost: BenchCase = {
  name: 'postgresql-cost',
  title: `PostgreSQL: what an acceptance of ${String(IDS_PER_REQUEST)} ids costs it`,

  async run(settings, folder) {
    const server = await startOwnPostgres();
    const sluice = await startSluice(folder, { DATABASE_URL: server.url, BATCH_DELAY: '86400' });
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      const rows = [];
      let firstId = 1;
      let refused = 0;
      for (const connections of CONNECTIONS) {
        const requests = settings.quick ? REQUESTS / 10 : REQUESTS;
        const before = await countersOf(client);
        const result = await runLoad({
          url: sluice.url,
          connections,
          requests,
          kind: { name: 'ingest', idsPerRequest: IDS_PER_REQUEST, firstId },
        });
        const after = await countersOf(client);
        firstId = result.nextId;
        refused += result.refused;
        const name = `${String(connections)} connections`;
        const commits = (after.commits - before.commits) / result.answered;
        const walBytes = (after.walBytes - before.walBytes) / result.answered;
        rows.push(
          { what: `${name}: transactions an acceptance`, unit: '', series: seriesOf([commits]) },
          { what: `${name}: log bytes an acceptance`, unit: 'B', series: seriesOf([walBytes]) },
        );
      }
      return { rows, ratios: [], losses: refused > 0 ? [`Sluice refused ${String(refused)} requests`] : [] };
    } finally {
      await client.end();
      await sluice.kill();
      await server.stop();
    }
  },
};

/** Reads the server's counters; they include the service's own query of the queue, one a second. */
async function countersOf(client: Client): Promise<Counters> {
  await client.query('SELECT pg_stat_clear_snapshot()');
  const { rows } = await client.query<{ commits: string; wal_bytes: string }>(`
    SELECT (SELECT sum(xact_commit) FROM pg_stat_database)::text AS commits,
           pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS wal_bytes
  `);
  return { commits: Number(rows[0]?.commits), walBytes: Number(rows[0]?.wal_bytes) };
}
