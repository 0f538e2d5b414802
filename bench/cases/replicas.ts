import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { startOwnPostgres } from '../../test/support/postgres.ts';
import { measurePace } from '../pace.ts';
import { SLUICE_MAIN } from '../settings.ts';
import { seriesOf } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';
import { rowsOf } from './pace.ts';

const REPLICAS = [1, 3, 8] as const;
const DELAY_MS = 100;
const SLOTS_USED = 0.99;

/** Measures slots used and the smallest distance of two starts for several numbers of processes. */
export const replicas: BenchCase = {
  name: 'replicas',
  title: `PostgreSQL: replicas at BATCH_DELAY ${String(DELAY_MS / 1000)}, by the upstream's clock`,

  async run(settings) {
    const server = await startOwnPostgres();
    try {
      const rows: Row[] = [];
      const ratios: Ratio[] = [];
      for (const count of REPLICAS) {
        const name = count === 1 ? '1 replica' : `${String(count)} replicas`;
        const pace = await measurePace((url) => startReplica(count, server.url, url), {
          delayMs: DELAY_MS,
          slots: (settings.rounds * settings.roundSeconds * 1000) / DELAY_MS,
          replicas: count,
        });
        rows.push(...rowsOf(name, [pace]));
        ratios.push({
          what: `slots used, ${name}`,
          series: seriesOf([pace.slotsUsed]),
          target: { kind: 'at_least', value: SLOTS_USED },
        });
      }
      return { rows, ratios, losses: [] };
    } finally {
      await server.stop();
    }
  },
};

function startReplica(count: number, databaseUrl: string, upstreamUrl: string): Promise<ServiceProcess> {
  return ServiceProcess.start({
    name: 'Sluice',
    command: [process.execPath, SLUICE_MAIN],
    environment: {
      HOST: '127.0.0.1',
      PORT: '0',
      BATCH_DELAY: String(DELAY_MS / 1000),
      DATABASE_URL: databaseUrl,
      DATABASE_SCHEMA: `replicas_${String(count)}`,
      EXTERNAL_API_URL: upstreamUrl,
    },
  });
}
