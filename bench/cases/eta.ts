import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../test/crash/random.ts';
import { startSluice } from '../contestants/sluice.ts';
import { quantile, seriesOf } from '../statistics.ts';
import { readTimeline, type Carried } from '../timeline.ts';
import type { BenchCase, Row } from './bench-case.ts';

const LISTS = { full: 1000, quick: 300 };
const SEED = 20261124;
/** Together with the delay: 300 ids a second. */
const BATCH_SIZE = 3;
const DELAY_MS = 10;
const PACE = { BATCH_SIZE: String(BATCH_SIZE), BATCH_DELAY: String(DELAY_MS / 1000) };
const UPSTREAM = { MOCK_DELAY_MIN: '0.005', MOCK_DELAY_MAX: '0.05', MOCK_ERROR_RATE: '0.05', MOCK_SEED: '7' };
const RETRIES = { RETRY_BASE: '0.1', RETRY_MAX: '1' };
/** The longest list, in ids; the mean is 12. */
const LONGEST_LIST = 60;
/** The mean interval between two lists. */
const BETWEEN_MS = { burst: 10, flow: 44 };
const SHARE_CANCELLED = 0.04;
const SHARE_MOVED = 0.04;
/** The shortest wait that error percentages cover, because estimates are rounded to the second. */
const LEAST_WAIT_MS = 3000;
const LOOK_AGAIN_MS = 200;

interface Foreseen {
  readonly ingestionId: string;
  readonly askedMs: number;
  readonly startMs: number;
  readonly completionMs: number;
}

/** The errors of a list's estimate and the wait that it really had. */
interface Compared {
  readonly startErrorMs: number;
  readonly completionErrorMs: number;
  readonly waitMs: number;
  readonly isOvertaken: boolean;
  /** The part of the wait that ids submitted later took, and the part lost to unused slots. */
  readonly overtakenMs: number;
  readonly unusedMs: number;
}

/** Measures the error of estimates given at acceptance, under retries, cancels and priority changes. */
export const eta: BenchCase = {
  name: 'eta',
  title: 'Estimates given at acceptance, beside what happened',

  async run({ quick }, folder) {
    const lists = quick ? LISTS.quick : LISTS.full;
    const burst = await runThrough(join(folder, 'burst'), lists, BETWEEN_MS.burst);
    const flow = await runThrough(join(folder, 'flow'), lists, BETWEEN_MS.flow);
    return {
      rows: [
        ...rowsOf('burst', burst.compared),
        ...rowsOf(
          'burst, not overtaken',
          burst.compared.filter(({ isOvertaken }) => !isOvertaken),
        ),
        ...rowsOf('burst, when the last came', burst.atEnd),
        ...rowsOf('flow', flow.compared),
      ],
      ratios: [],
      losses: [burst, flow].every(({ isWhole }) => isWhole) ? [] : ['a list did not come to its end'],
      notes: [
        `${String(lists)} lists of 1 to ${String(LONGEST_LIST)} ids each: a burst comes three times as fast as it goes, and ends; a flow goes as it comes.`,
        'Lists that were cancelled or moved themselves are left out.',
        'Overtaken: ids of lists that came later went out before its last. When the last has come nothing but retries overtakes any more.',
        `Shares are of the wait from acceptance to the end, where that was ${String(LEAST_WAIT_MS / 1000)} s or more. Estimates are given to the second.`,
      ],
    };
  },
};

interface RunThrough {
  readonly compared: readonly Compared[];
  /** The estimates after the last submission, for the lists of which nothing was sent by then. */
  readonly atEnd: readonly Compared[];
  readonly isWhole: boolean;
}

async function runThrough(dataDir: string, lists: number, betweenMs: number): Promise<RunThrough> {
  const sluice = await startSluice(dataDir, { ...PACE, ...UPSTREAM, ...RETRIES });
  try {
    const { foreseen, meddledWith } = await play(sluice.url, lists, betweenMs);
    const foreseenAtEnd = await askAgain(sluice.url, foreseen);
    await untilEmpty(sluice.url);
    const timeline = await readTimeline(sluice.url);
    const compared = compare(foreseen, meddledWith, timeline);
    return {
      compared,
      atEnd: compare(foreseenAtEnd, new Set(), timeline),
      isWhole: compared.length + meddledWith.size === lists,
    };
  } finally {
    await sluice.kill();
  }
}

/** Submits lists of any size and priority; cancels some and changes the priority of others. */
async function play(
  url: string,
  lists: number,
  betweenMs: number,
): Promise<{ foreseen: Foreseen[]; meddledWith: Set<string> }> {
  const random = new Random(SEED);
  const foreseen: Foreseen[] = [];
  const meddledWith = new Set<string>();
  let nextId = 1;
  let dueMs = performance.now();
  for (let i = 0; i < lists; i++) {
    await sleep(Math.max(0, dueMs - performance.now()));
    // The fourth power makes long lists rare.
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
    dueMs += -Math.log(1 - random.next()) * betweenMs;
  }
  return { foreseen, meddledWith };
}

/** Reads the estimates of the lists of which nothing was sent yet. */
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
    const meanwhile = timeline.filter(({ startedMs }) => startedMs > askedMs && startedMs < lastStartedMs);
    const later = meanwhile.filter((carried) => (places.get(carried.ingestionId) ?? 0) > place);
    const usedMs = new Set(meanwhile.map(({ startedMs }) => startedMs)).size * DELAY_MS;
    return [
      {
        startErrorMs: firstStartedMs - startMs,
        completionErrorMs: endedMs - completionMs,
        waitMs: endedMs - askedMs,
        isOvertaken: later.length > 0,
        overtakenMs: (later.reduce((sum, { ids }) => sum + ids, 0) / BATCH_SIZE) * DELAY_MS,
        unusedMs: Math.max(0, lastStartedMs - askedMs - usedMs),
      },
    ];
  });
}

/** Formats the rows; a list dispatched before it had an estimate has no error and is left out. */
function rowsOf(name: string, compared: readonly Compared[]): Row[] {
  const row = (what: string, unit: string, values: readonly number[], share: number): Row => ({
    what: `${name} (${String(values.length)}): ${what}`,
    unit,
    series: seriesOf([quantile([...values], share)]),
  });
  const secondsOf = (valueOf: (one: Compared) => number): number[] =>
    compared.map((one) => Math.abs(valueOf(one)) / 1000).filter(Number.isFinite);
  const percentOf = (valueOf: (one: Compared) => number): number[] =>
    compared
      .filter(
        ({ waitMs, completionErrorMs }) => waitMs >= LEAST_WAIT_MS && Number.isFinite(completionErrorMs),
      )
      .map((one) => (Math.abs(valueOf(one)) / one.waitMs) * 100);
  const starts = secondsOf(({ startErrorMs }) => startErrorMs);
  const ends = secondsOf(({ completionErrorMs }) => completionErrorMs);
  const shares = percentOf(({ completionErrorMs }) => completionErrorMs);
  const waits = secondsOf(({ waitMs }) => waitMs);
  return [
    row('wait, median', 's', waits, 0.5),
    row('start, error, median', 's', starts, 0.5),
    row('end, error, median', 's', ends, 0.5),
    row('end, error, p95', 's', ends, 0.95),
    ...(shares.length === 0
      ? []
      : [
          row('end, error of the wait, median', '%', shares, 0.5),
          row('end, error of the wait, p95', '%', shares, 0.95),
          row(
            'of the wait, overtaken, median',
            '%',
            percentOf(({ overtakenMs }) => overtakenMs),
            0.5,
          ),
          row(
            'of the wait, slots not used, median',
            '%',
            percentOf(({ unusedMs }) => unusedMs),
            0.5,
          ),
        ]),
  ];
}
