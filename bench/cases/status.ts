import { join } from 'node:path';
import { bareNest } from '../contestants/bare.ts';
import { startSluice } from '../contestants/sluice.ts';
import { interleave, type LoadMaker } from '../interleave.ts';
import { ratioOf } from '../statistics.ts';
import type { BenchCase } from './bench-case.ts';

const CONNECTIONS = 64;
const INGESTIONS = 1_000;
/** Nothing is sent while this measures: every read is of an ingestion that waits. */
const NO_DISPATCHES = { BATCH_DELAY: '86400' };

/** Status reads a second, beside a GET of the bare framework that answers the same document from nothing. */
export const status: BenchCase = {
  name: 'status',
  title: `Status reads: ingestions of 5 ids, ${String(CONNECTIONS)} connections`,

  async run(settings, folder) {
    const sluice = await startSluice(join(folder, 'status'), NO_DISPATCHES);
    try {
      const ingestionIds = await ingestMany(sluice.url);
      const bare = await bareNest.start(folder);
      try {
        const [ofSluice, ofBareNest] = await interleave(
          [readsAt(sluice.url, ingestionIds), readsAt(bare.url, ingestionIds)],
          settings,
        );
        if (ofSluice === undefined || ofBareNest === undefined) {
          throw new Error('a contestant has no result');
        }
        return {
          rows: [
            { what: 'Sluice: reads', unit: '/s', series: ofSluice.perSecond },
            { what: 'Sluice: p99', unit: 'ms', series: ofSluice.p99Ms },
            { what: 'bare Nest: reads', unit: '/s', series: ofBareNest.perSecond },
            { what: 'bare Nest: p99', unit: 'ms', series: ofBareNest.p99Ms },
          ],
          ratios: [
            {
              what: 'status reads, Sluice to bare Nest',
              series: ratioOf(ofSluice.perSecond, ofBareNest.perSecond),
              target: { kind: 'at_least', value: 0.75 },
            },
          ],
          losses: ofSluice.refused > 0 ? [`Sluice refused ${String(ofSluice.refused)} status reads`] : [],
        };
      } finally {
        await bare.stop();
      }
    } finally {
      await sluice.kill();
    }
  },
};

function readsAt(url: string, ingestionIds: readonly string[]): LoadMaker {
  return (seconds) => ({ url, seconds, connections: CONNECTIONS, kind: { name: 'status', ingestionIds } });
}

async function ingestMany(url: string): Promise<string[]> {
  return Promise.all(
    Array.from({ length: INGESTIONS }, async (_, i) => {
      const first = i * 5 + 1;
      const response = await fetch(new URL('/ingest', url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ ids: [first, first + 1, first + 2, first + 3, first + 4], priority: 'LOW' }),
      });
      return ((await response.json()) as { ingestion_id: string }).ingestion_id;
    }),
  );
}
