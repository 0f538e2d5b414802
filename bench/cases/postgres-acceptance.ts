import { join } from 'node:path';
import { startOwnPostgres } from '../../test/support/postgres.ts';
import { startSluice } from '../contestants/sluice.ts';
import { interleave, type LoadMaker } from '../interleave.ts';
import { ratioOf } from '../statistics.ts';
import type { BenchCase } from './bench-case.ts';

const CONNECTIONS = 64;
const IDS_PER_REQUEST = 5;
const IDS_PER_LOAD = 1_000_000_000;

/** Acceptances a second on PostgreSQL on this machine, beside the same load on the embedded store. */
export const postgresAcceptance: BenchCase = {
  name: 'postgresql-acceptance',
  title: `PostgreSQL: acceptances, ${String(IDS_PER_REQUEST)} ids a request, ${String(CONNECTIONS)} connections`,

  async run(settings, folder) {
    const server = await startOwnPostgres();
    try {
      const onPostgres = await startSluice(folder, { DATABASE_URL: server.url });
      try {
        const embedded = await startSluice(join(folder, 'embedded'));
        try {
          const [ofPostgres, ofEmbedded] = await interleave(
            [ingestAt(onPostgres.url), ingestAt(embedded.url)],
            settings,
          );
          if (ofPostgres === undefined || ofEmbedded === undefined) {
            throw new Error('a contestant has no result');
          }
          return {
            rows: [
              { what: 'PostgreSQL: acceptances', unit: '/s', series: ofPostgres.perSecond },
              { what: 'PostgreSQL: p99', unit: 'ms', series: ofPostgres.p99Ms },
              { what: 'embedded: acceptances', unit: '/s', series: ofEmbedded.perSecond },
              { what: 'embedded: p99', unit: 'ms', series: ofEmbedded.p99Ms },
            ],
            ratios: [
              {
                what: 'acceptances, PostgreSQL to embedded',
                series: ratioOf(ofPostgres.perSecond, ofEmbedded.perSecond),
                target: { kind: 'at_least', value: 0.3 },
              },
            ],
            losses: ofPostgres.refused > 0 ? [`Sluice refused ${String(ofPostgres.refused)} requests`] : [],
          };
        } finally {
          await embedded.kill();
        }
      } finally {
        await onPostgres.kill();
      }
    } finally {
      await server.stop();
    }
  },
};

function ingestAt(url: string): LoadMaker {
  let loads = 0;
  return (seconds) => ({
    url,
    seconds,
    connections: CONNECTIONS,
    kind: { name: 'ingest', idsPerRequest: IDS_PER_REQUEST, firstId: 1 + IDS_PER_LOAD * loads++ },
  });
}
