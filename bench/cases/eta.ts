import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../test/crash/random.ts';
import { startSluice } from '../contestants/sluice.ts';
import { quantile, seriesOf } from '../statistics.ts';
import { readTimeline, type Carried } from '../timeline.ts';
import type { BenchCase, Row } from './bench-case.ts';

const LISTS = { full: 1000, quick: 300 };
const SEED = 20261124;
/** 300 ids a second. */
const PACE = { BATCH_SIZE: '3', BATCH_DELAY: '0.01' };
const UPSTREAM = { MOCK_DELAY_MIN: '0.005', MOCK_DELAY_MAX: '0.05', MOCK_ERROR_RATE: '0.05', MOCK_SEED: '7' };
const RETRIES = { RETRY_BASE: '0.1', RETRY_MAX: '1' };
/** Lists of 12 ids in the mean come faster than they go, and wait for up to a minute. */
const LONGEST_LIST = 60;
const BETWEEN_MS = 6;
const SHARE_CANCELLED = 0.04;
const SHARE_MOVED = 0.04;
/** An estimate is given to the second: of shorter waits a share says nothing. */
const LEAST_WAIT_MS = 3000;
const LOOK_AGAIN_MS = 200;

interface Foreseen {
  readonly ingestionId: string;
  readonly askedMs: number;
  readonly startMs: number;
  readonly completionMs: number;
}

/** What became of a list, beside what was foreseen when it was accepted. */
interface Compared {
  readonly startErrorMs: number;
  readonly completionErrorMs: number;
  readonly waitMs: number;
  readonly isOvertaken: boolean;
}

/** How far what is foreseen at acceptance is from what happens, over lists of any size and priority, retries, cancels and moves. */
export const eta: BenchCase = {
  name: 'eta',
  title: 'Estimates given at acceptance, beside what happened',

  async run({ quick }, folder) {
    const lists = quick ? LISTS.quick : LISTS.full;
    const sluice = await startSluice(join(folder, 'eta'), { ...PACE, ...UPSTREAM, ...RETRIES });
    try {
      const { foreseen, meddledWith } = await play(sluice.url, lists);
      const late = await askAgain(sluice.url, foreseen);
      const usedPercent = await slotsUsed(sluice.url);
      await untilEmpty(sluice.url);
      const timeline = await readTimeline(sluice.url);
      const compared = compare(foreseen, meddledWith, timeline);
      const groups = [
        { name: 'at acceptance', of: compared },
        { name: 'at acceptance, not overtaken', of: compared.filter(({ isOvertaken }) => !isOvertaken) },
        { name: 'at acceptance, overtaken', of: compared.filter(({ isOvertaken }) => isOvertaken) },
        { name: 'once all had come', of: compare(late, new Set(), timeline) },
      ];
      return {
        rows: [
          ...groups.flatMap(({ name, of }) => rowsOf(name, of)),
          { what: 'slots used while lists waited', unit: '%', series: seriesOf([usedPercent]) },
        ],
        ratios: [],
        losses: compared.length + meddledWith.size === lists ? [] : ['a list did not come to its end'],
        notes: [
          `${String(lists)} lists of 1 to ${String(LONGEST_LIST)} ids; ${String(meddledWith.size)} that were cancelled or moved themselves are left out.`,
          'Overtaken: ids of lists that came later went out before its last. Once all had come nothing but retries overtakes any more.',
          'An estimate takes it that each slot is used: where the machine is too busy for that, waits are longer by as much.',
          `Shares are of the wait from acceptance to the end, where that was ${String(LEAST_WAIT_MS / 1000)} s or more. Estimates are given to the second.`,
        ],
      };
    } finally {
      await sluice.kill();
    }
  },
};

async function play(url: string, lists: number): Promise<{ foreseen: Foreseen[]; meddledWith: Set<string> }> {
  const random = new Random(SEED);
  const foreseen: Foreseen[] = [];
  const meddledWith = new Set<string>();
  let nextId = 1;
  for (let i = 0; i < lists; i++) {
    // Few are long.
    const size = Math.ceil(LONGEST_LIST * random.next() ** 4);
    const ids = Array.from({ length: size }, () => nextId++);
    foreseen.push(await submit(url, ids, random.pick(['HIGH', 'MEDIUM', 'MEDIUM', 'LOW', 'LOW'])));
    const other = foreseen[random.integer(Math.max(0, i - 50), i)]?.ingestionId ?? '';
    if (random.chance(SHARE_CANCELLED)) {
      meddledWith.add(other);
      await send(url, 'POST', `/ingestions/${other}/cancel`);
    } else if (random.chance(SHARE_MOVED)) {
      meddledWith.add(other);
      await send(url, 'PATCH', `/ingestions/${other}`, { priority: random.pick(['HIGH', 'LOW']) });
    }
    await sleep(-Math.log(1 - random.next()) * BETWEEN_MS);
  }
  return { foreseen, meddledWith };
}

/** Of those of which nothing was sent yet. */
async function askAgain(url: string, lists: readonly Foreseen[]): Promise<Foreseen[]> {
  const again: Foreseen[] = [];
  for (const { ingestionId } of lists) {
    const { foreseen, status } = await ask(url, ingestionId);
    if (status === 'yet_to_start') {
      again.push(foreseen);
    }
  }
  return again;
}

async function submit(url: string, ids: readonly number[], priority: string): Promise<Foreseen> {
  const accepted = (await send(url, 'POST', '/ingest', { ids, priority })) as { ingestion_id: string };
  return (await ask(url, accepted.ingestion_id)).foreseen;
}

async function ask(url: string, ingestionId: string): Promise<{ foreseen: Foreseen; status: string }> {
  const head = (await send(url, 'GET', `/status/${ingestionId}?batches=none`)) as {
    status: string;
    estimated_start_at: string | null;
    estimated_completion_at: string | null;
  };
  const foreseen = {
    ingestionId,
    askedMs: Date.now(),
    startMs: Date.parse(head.estimated_start_at ?? ''),
    completionMs: Date.parse(head.estimated_completion_at ?? ''),
  };
  return { foreseen, status: head.status };
}

async function send(url: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    ...(body !== undefined && {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return response.json();
}

/** Of the last hundred. */
async function slotsUsed(url: string): Promise<number> {
  const { pace } = (await send(url, 'GET', '/queue')) as { pace: { used_percent: number } };
  return pace.used_percent;
}

async function untilEmpty(url: string): Promise<void> {
  for (;;) {
    const queue = (await send(url, 'GET', '/queue')) as {
      waiting: { total: number };
      retries_waiting: number;
      in_flight: number;
    };
    if (queue.waiting.total + queue.retries_waiting + queue.in_flight === 0) {
      return;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

function compare(
  foreseen: readonly Foreseen[],
  meddledWith: ReadonlySet<string>,
  timeline: readonly Carried[],
): Compared[] {
  const places = new Map(foreseen.map(({ ingestionId }, place) => [ingestionId, place]));
  return foreseen.flatMap(({ ingestionId, askedMs, startMs, completionMs }, place) => {
    const own = timeline.filter((carried) => carried.ingestionId === ingestionId);
    if (own.length === 0 || meddledWith.has(ingestionId)) {
      return [];
    }
    const lastStartedMs = Math.max(...own.map(({ startedMs }) => startedMs));
    const endedMs = Math.max(...own.map((carried) => carried.endedMs));
    const firstStartedMs = Math.min(...own.map(({ startedMs }) => startedMs));
    return [
      {
        startErrorMs: firstStartedMs - startMs,
        completionErrorMs: endedMs - completionMs,
        waitMs: endedMs - askedMs,
        isOvertaken: timeline.some(
          (carried) =>
            (places.get(carried.ingestionId) ?? 0) > place &&
            carried.startedMs > askedMs &&
            carried.startedMs < lastStartedMs,
        ),
      },
    ];
  });
}

/** What went before there was an estimate has no error. */
function rowsOf(name: string, compared: readonly Compared[]): Row[] {
  const row = (what: string, unit: string, value: number): Row => ({
    what: `${name} (${String(compared.length)}): ${what}`,
    unit,
    series: seriesOf([value]),
  });
  const starts = compared.map(({ startErrorMs }) => Math.abs(startErrorMs)).filter(Number.isFinite);
  const ends = compared.map(({ completionErrorMs }) => Math.abs(completionErrorMs)).filter(Number.isFinite);
  const shares = compared
    .filter(({ waitMs, completionErrorMs }) => waitMs >= LEAST_WAIT_MS && Number.isFinite(completionErrorMs))
    .map(({ completionErrorMs, waitMs }) => (Math.abs(completionErrorMs) / waitMs) * 100);
  return [
    row(
      'wait, median',
      's',
      quantile(
        compared.map(({ waitMs }) => waitMs),
        0.5,
      ) / 1000,
    ),
    row('start, error, median', 's', quantile(starts, 0.5) / 1000),
    row('start, error, p95', 's', quantile(starts, 0.95) / 1000),
    row('end, error, median', 's', quantile(ends, 0.5) / 1000),
    row('end, error, p95', 's', quantile(ends, 0.95) / 1000),
    row('end, error of the wait, median', '%', quantile(shares, 0.5)),
    row('end, error of the wait, p95', '%', quantile(shares, 0.95)),
  ];
}
