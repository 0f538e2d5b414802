import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { addIngestions, BACKLOGS, openStore } from '../backlog.ts';
import { startSluice } from '../contestants/sluice.ts';
import { runLoad } from '../load.ts';
import { seriesOf, type Series } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';

const REQUESTS = 2_000;
const CONNECTIONS = 8;
/** Distinct from the ids of every other start on the same store. */
const IDS_PER_START = 1_000_000;
const BYTES_PER_MB = 1_048_576;
const TARGET_MB = 32;

interface Store {
  readonly name: string;
  readonly dataDir: string;
}

/** Memory of the service (RSS), after some requests, with a backlog that waits, beside empty. */
export const memory: BenchCase = {
  name: 'memory',
  title: `Memory after ${String(REQUESTS)} requests, dispatches off`,

  async run(settings, folder) {
    const stores = [{ name: 'empty', dataDir: join(folder, 'memory-empty') }, ...(await fillStores(folder))];
    const measured = stores.map((): number[] => []);
    let refused = 0;
    for (let start = 0; start < settings.memoryStarts; start++) {
      for (const [i, store] of stores.entries()) {
        const result = await measure(store, start);
        measured[i]?.push(result.megabytes);
        refused += result.refused;
      }
    }
    const series = measured.map(seriesOf);
    return {
      rows: stores.flatMap(({ name }, i): Row[] => toRow(name, series[i])),
      ratios: stores.slice(1).flatMap(({ name }, i) => toDifference(name, series[i + 1], series[0])),
      losses: refused > 0 ? [`Sluice refused ${String(refused)} requests while its memory was measured`] : [],
    };
  },
};

async function fillStores(folder: string): Promise<Store[]> {
  return Promise.all(
    BACKLOGS.map(async ({ name, ingestions, idsEach }, i) => {
      const dataDir = join(folder, `memory-${String(i)}`);
      const store = await openStore(dataDir);
      await addIngestions(store, ingestions, idsEach);
      await store.close();
      return { name, dataDir };
    }),
  );
}

async function measure({ dataDir }: Store, start: number): Promise<{ megabytes: number; refused: number }> {
  const sluice = await startSluice(dataDir, { BATCH_DELAY: '86400' });
  try {
    const { refused } = await runLoad({
      url: sluice.url,
      connections: CONNECTIONS,
      requests: REQUESTS,
      kind: { name: 'ingest', idsPerRequest: 5, firstId: 1 + (start + 1) * IDS_PER_START },
    });
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(sluice.pid)], { encoding: 'utf8' });
    return { megabytes: (Number(kilobytes) * 1024) / BYTES_PER_MB, refused };
  } finally {
    await sluice.kill();
  }
}

function toRow(name: string, series: Series | undefined): Row[] {
  return series === undefined ? [] : [{ what: `${name}: RSS`, unit: 'MB', series }];
}

function toDifference(name: string, series: Series | undefined, empty: Series | undefined): Ratio[] {
  if (series === undefined || empty === undefined) {
    return [];
  }
  const more = series.values.map((megabytes, i) => megabytes - (empty.values[i] ?? NaN));
  return [
    {
      what: `MB more than empty, ${name}`,
      series: seriesOf(more),
      target: { kind: 'at_most', value: TARGET_MB },
    },
  ];
}
