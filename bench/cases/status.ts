import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareNest } from '../contestants/bare.ts';
import { startSluice } from '../contestants/sluice.ts';
import { interleave, type LoadMaker, type Measured } from '../interleave.ts';
import type { Held } from '../load.ts';
import { ratioOf } from '../statistics.ts';
import type { BenchCase, Ratio, Row } from './bench-case.ts';

const CONNECTIONS = 64;
const INGESTIONS = 1_000;
const WAITING = { BATCH_DELAY: '86400' };
const AT_ONCE = { BATCH_DELAY: '0', BATCH_SIZE: '1000', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' };
const LOOK_AGAIN_MS = 100;

/** Measures status reads a second, compared with a GET of the bare framework for a constant document. */
export const status: BenchCase = {
  name: 'status',
  title: `Status reads: ingestions of 5 ids, ${String(CONNECTIONS)} connections`,

  async run(settings, folder) {
    const waiting = await startSluice(join(folder, 'status-waiting'), WAITING);
    const finished = await startSluice(join(folder, 'status-finished'), AT_ONCE);
    const bare = await bareNest.start(folder);
    try {
      const waitingIds = await ingestMany(waiting.url);
      const finishedIds = await ingestMany(finished.url);
      const held = await Promise.all(
        finishedIds.map((ingestionId) => untilFinished(finished.url, ingestionId)),
      );
      const [ofWaiting, ofFinished, ofUnchanged, ofBare] = await interleave(
        [
          readsAt(waiting, { name: 'status', ingestionIds: waitingIds }),
          readsAt(finished, { name: 'status', ingestionIds: finishedIds }),
          readsAt(finished, { name: 'status unchanged', held }),
          readsAt(bare, { name: 'status', ingestionIds: waitingIds }),
        ],
        settings,
      );
      if (
        ofWaiting === undefined ||
        ofFinished === undefined ||
        ofUnchanged === undefined ||
        ofBare === undefined
      ) {
        throw new Error('a contestant has no result');
      }
      return {
        rows: [
          ...rowsOf('Sluice, waiting', ofWaiting),
          ...rowsOf('Sluice, finished', ofFinished),
          ...rowsOf('Sluice, 304', ofUnchanged),
          ...rowsOf('bare Nest', ofBare),
        ],
        ratios: [
          ratioTo(ofBare, 'waiting', ofWaiting, 0.9),
          ratioTo(ofBare, 'finished', ofFinished, 0.9),
          ratioTo(ofBare, '304', ofUnchanged, 1),
          cpuRatioTo(ofBare, 'waiting', ofWaiting),
          cpuRatioTo(ofBare, 'finished', ofFinished),
          cpuRatioTo(ofBare, '304', ofUnchanged),
        ],
        losses: [ofWaiting, ofFinished, ofUnchanged].flatMap(({ refused }) =>
          refused > 0 ? [`Sluice refused ${String(refused)} status reads`] : [],
        ),
      };
    } finally {
      await Promise.all([waiting.kill(), finished.kill(), bare.stop()]);
    }
  },
};

function readsAt(
  { url, pid }: { readonly url: string; readonly pid: number },
  kind: ReturnType<LoadMaker>['kind'],
): LoadMaker {
  return (seconds) => ({ url, pid, seconds, connections: CONNECTIONS, kind });
}

function rowsOf(name: string, { perSecond, p99Ms, cpuMicros }: Measured): Row[] {
  return [
    { what: `${name}: reads`, unit: '/s', series: perSecond },
    { what: `${name}: p99`, unit: 'ms', series: p99Ms },
    { what: `${name}: processor time a read`, unit: 'µs', series: cpuMicros },
  ];
}

function ratioTo(bare: Measured, name: string, measured: Measured, atLeast: number): Ratio {
  return {
    what: `status reads, ${name}, Sluice to bare Nest`,
    series: ratioOf(measured.perSecond, bare.perSecond),
    target: { kind: 'at_least', value: atLeast },
  };
}

function cpuRatioTo(bare: Measured, name: string, measured: Measured): Ratio {
  return {
    what: `processor time of a status read, ${name}, Sluice to bare Nest`,
    series: ratioOf(measured.cpuMicros, bare.cpuMicros),
    isSteady: true,
  };
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

async function untilFinished(url: string, ingestionId: string): Promise<Held> {
  for (;;) {
    const response = await fetch(new URL(`/status/${ingestionId}`, url));
    if (((await response.json()) as { status: string }).status === 'completed') {
      return { ingestionId, etag: response.headers.get('etag') ?? '' };
    }
    await sleep(LOOK_AGAIN_MS);
  }
}
