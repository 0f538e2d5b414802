import { setTimeout as sleep } from 'node:timers/promises';
import { Recorder } from '../../test/crash/recorder/recorder.ts';
import type { RecordedCall, Recording } from '../../test/crash/recorder/protocol.ts';
import { startOwnPostgres } from '../../test/support/postgres.ts';
import { ServiceProcess } from '../../scripts/demo/service-process.ts';
import { SLUICE_MAIN } from '../settings.ts';
import { seriesOf } from '../statistics.ts';
import type { BenchCase, CaseResult } from './bench-case.ts';

const REPLICAS = [1, 3, 8] as const;
const DELAY_MS = 100;
const IDS = 20_000;
const SEED = 1;
const WARM_UP_MS = 3000;

interface Pace {
  /** Of those that the delay allows between the first and the last start. */
  readonly slotsUsed: number;
  /** The least time between two starts, less the delay; negative where they were too close. */
  readonly smallestMarginMs: number;
  /** How late the recorder was at most, by its own clock. */
  readonly latenessMs: number;
}

/** One exact pace, whatever the number of processes: slots used, and the smallest distance of two starts. */
export const replicas: BenchCase = {
  name: 'replicas',
  title: `PostgreSQL: replicas at BATCH_DELAY ${String(DELAY_MS / 1000)}, by the upstream's clock`,

  async run(settings) {
    const server = await startOwnPostgres();
    try {
      const result: { rows: CaseResult['rows'][number][]; ratios: CaseResult['ratios'][number][] } = {
        rows: [],
        ratios: [],
      };
      for (const count of REPLICAS) {
        const pace = await measure(count, server.url, settings.rounds * settings.roundSeconds * 1000);
        const name = count === 1 ? '1 replica' : `${String(count)} replicas`;
        result.rows.push(
          {
            what: `${name}: smallest distance less the delay`,
            unit: 'ms',
            series: seriesOf([pace.smallestMarginMs]),
          },
          { what: `${name}: lateness of the recorder`, unit: 'ms', series: seriesOf([pace.latenessMs]) },
        );
        result.ratios.push({
          what: `slots used, ${name}`,
          series: seriesOf([pace.slotsUsed]),
          target: { kind: 'at_least', value: 0.99 },
        });
      }
      return { ...result, losses: [] };
    } finally {
      await server.stop();
    }
  },
};

async function measure(count: number, url: string, durationMs: number): Promise<Pace> {
  const recorder = await Recorder.start(SEED);
  const services: ServiceProcess[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const environment = {
        HOST: '127.0.0.1',
        PORT: '0',
        BATCH_DELAY: String(DELAY_MS / 1000),
        DATABASE_URL: url,
        DATABASE_SCHEMA: `replicas_${String(count)}`,
        EXTERNAL_API_URL: recorder.urlFor(i),
      };
      services.push(
        await ServiceProcess.start({ name: 'Sluice', command: [process.execPath, SLUICE_MAIN], environment }),
      );
    }
    await ingest(services[0]?.url ?? '');
    await sleep(WARM_UP_MS + durationMs);
    return paceOf(await recorder.dump());
  } finally {
    await Promise.all(services.map((service) => service.kill()));
    recorder.stop();
  }
}

async function ingest(url: string): Promise<void> {
  const ids = Array.from({ length: IDS }, (_, i) => i + 1);
  const response = await fetch(`${url}/ingest`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ids, priority: 'LOW' }),
  });
  if (!response.ok) {
    throw new Error(`the list was refused: ${await response.text()}`);
  }
}

function paceOf({ calls, stalls }: Recording): Pace {
  const starts = calls.map(({ startedMs }: RecordedCall) => startedMs).sort((a, b) => a - b);
  const from = (starts[0] ?? 0) + WARM_UP_MS;
  const measured = starts.filter((start) => start >= from);
  const [first = NaN, last = NaN] = [measured[0], measured.at(-1)];
  const margins = measured.slice(1).map((start, i) => start - (measured[i] ?? NaN) - DELAY_MS);
  return {
    slotsUsed: ((measured.length - 1) * DELAY_MS) / (last - first),
    smallestMarginMs: Math.min(...margins),
    latenessMs: Math.max(0, ...stalls.map(({ fromMs, toMs }) => toMs - fromMs)),
  };
}
