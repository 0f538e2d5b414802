import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSluice } from '../contestants/sluice.ts';
import { Recorder } from '../../test/crash/recorder/recorder.ts';
import { nowMs } from '../../test/crash/clock.ts';
import { quantile, seriesOf } from '../statistics.ts';
import type { BenchCase } from './bench-case.ts';

const LISTS = { full: 300, quick: 100 };
/** The interval between lists, longer than a slot, so that each list finds the gate idle. */
const BETWEEN_MS = 25;
const DELAY_SECONDS = '0.01';
const TARGET_MS = 10;

/** Measures the time from a request to an idle gate until the upstream receives the call. */
export const wake: BenchCase = {
  name: 'wake',
  title: 'Idle gate: from the request to the call of the upstream, one list at a time',

  async run({ quick }, folder) {
    const recorder = await Recorder.start(1);
    const sluice = await startSluice(join(folder, 'wake'), {
      BATCH_DELAY: DELAY_SECONDS,
      EXTERNAL_API_URL: recorder.urlFor(0),
    });
    try {
      const sentMs: number[] = [];
      const answeredMs: number[] = [];
      const lists = quick ? LISTS.quick : LISTS.full;
      for (let id = 1; id <= lists; id++) {
        await sleep(BETWEEN_MS);
        const startMs = nowMs();
        sentMs.push(startMs);
        await ingestOne(sluice.url, id);
        answeredMs.push(nowMs() - startMs);
      }
      await sleep(BETWEEN_MS * 10);
      const { calls } = await recorder.dump();
      const firstCallMs = new Map(
        calls.toReversed().flatMap(({ ids, startedMs }) => ids.map((id) => [Number(id), startedMs])),
      );
      const dispatchedMs = sentMs.map((startMs, i) => (firstCallMs.get(i + 1) ?? NaN) - startMs);
      const more = dispatchedMs.map((ms, i) => ms - (answeredMs[i] ?? NaN));
      return {
        rows: [
          { what: 'answer to the client, p50', unit: 'ms', series: seriesOf([quantile(answeredMs, 0.5)]) },
          { what: 'call of the upstream, p50', unit: 'ms', series: seriesOf([quantile(dispatchedMs, 0.5)]) },
          { what: 'call of the upstream, p99', unit: 'ms', series: seriesOf([quantile(dispatchedMs, 0.99)]) },
        ],
        ratios: [
          {
            what: 'ms more than the answer, which follows the commit: p99',
            series: seriesOf([quantile(more, 0.99)]),
            target: { kind: 'at_most', value: TARGET_MS },
          },
        ],
        losses: dispatchedMs.some(Number.isNaN) ? ['an accepted id was never sent'] : [],
      };
    } finally {
      await sluice.kill();
      recorder.stop();
    }
  },
};

async function ingestOne(url: string, id: number): Promise<void> {
  const response = await fetch(`${url}/ingest`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ids: [id], priority: 'HIGH' }),
  });
  await response.arrayBuffer();
}
