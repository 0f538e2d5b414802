import type { Verdict } from '../crash/report.ts';
import type { Sample } from './sample.ts';

/** In its first seconds a process fills its caches and compiles. */
const WARM_UP_S = 60;
/** A life is judged if it goes on for this long after its start. */
const JUDGED_AGE_S = 180;
const BYTES_PER_WAITING_ID = 100;
const MAX_STALL_MS = 1000;
const MAX_MISSED_SHARE = 0.01;
/** The machine is overloaded where the service waits for a core for more than this share of the time. */
const MAX_WAITED_SHARE = 0.1;

/** A figure that must not grow: from its level early in a time to its level at the end. */
interface Measure {
  readonly name: string;
  readonly of: (sample: Sample) => number;
  /** `low` is the level between two collections of garbage, `high` the most. */
  readonly level: 'low' | 'high';
  /** Growth up to this share and this amount is noise. */
  readonly share: number;
  readonly amount: number;
}

const OF_A_PROCESS: readonly Measure[] = [
  { name: 'heap (MB)', of: ({ heapMb }) => heapMb, level: 'low', share: 0.2, amount: 10 },
  { name: 'resident memory (MB)', of: ({ rssMb }) => rssMb, level: 'high', share: 0.2, amount: 30 },
  { name: 'open files', of: ({ openFiles }) => openFiles, level: 'high', share: 0.2, amount: 20 },
  { name: 'handles', of: ({ handles }) => handles, level: 'high', share: 0.2, amount: 30 },
];
const OF_THE_STORE: Measure = {
  name: 'store beyond what waits (MB)',
  of: ({ storeMb, waitingIds }) => storeMb - (waitingIds * BYTES_PER_WAITING_ID) / 1e6,
  level: 'high',
  share: 0.25,
  amount: 10,
};

export interface Growth {
  readonly verdicts: readonly Verdict[];
  /** The figures for people to read. */
  readonly told: readonly string[];
}

/** Judges the samples of all lives of the service. */
export function judge(lives: readonly (readonly Sample[])[]): Growth {
  const judged = lives
    .map((samples) => samples.filter(({ ageS }) => ageS >= WARM_UP_S))
    .filter((samples) => (samples.at(-1)?.ageS ?? 0) >= JUDGED_AGE_S);
  const all = lives.flat();
  const endS = all.at(-1)?.atS ?? 0;
  // The store has its even size once the first lists have been removed again.
  const settled = all.filter(({ atS }) => atS >= endS / 3);
  const findings = [
    ...OF_A_PROCESS.map((measure) => judgeGrowth(measure, judged)),
    judgeGrowth(OF_THE_STORE, [settled]),
    judgeStalls(lives),
    judgeSlots(lives),
  ];
  return { verdicts: findings.map(({ verdict }) => verdict), told: findings.map(({ told }) => told) };
}

interface Finding {
  readonly verdict: Verdict;
  readonly told: string;
}

function judgeGrowth(measure: Measure, times: readonly (readonly Sample[])[]): Finding {
  const levels = times.map((samples) => {
    const third = Math.ceil(samples.length / 3);
    return [levelOf(measure, samples.slice(0, third)), levelOf(measure, samples.slice(-third))] as const;
  });
  const grown = levels.filter(([early, late]) => late > early * (1 + measure.share) + measure.amount);
  const tell = ([early, late]: readonly [number, number]): string =>
    `${early.toFixed(0)} → ${late.toFixed(0)}`;
  const told = levels.length === 0 ? 'the run is too short' : levels.map(tell).join(', ');
  return {
    verdict: { name: `${measure.name} does not grow`, faults: grown.map(tell) },
    told: `${measure.name}, first third → last third of each life: ${told}`,
  };
}

function levelOf({ of, level }: Measure, samples: readonly Sample[]): number {
  const values = samples.map(of).sort((a, b) => a - b);
  return values[Math.floor(values.length * (level === 'low' ? 0.1 : 0.9))] ?? 0;
}

/** A stall does not count for as long as the process was ready and had no core. */
function judgeStalls(lives: readonly (readonly Sample[])[]): Finding {
  const stalls = lives
    .flatMap((samples) =>
      samples.map(({ atS, ageS, stallMs, waitedForCoreMs }, i) => {
        const waitedMs = waitedForCoreMs - (samples[i - 1]?.waitedForCoreMs ?? 0);
        return { atS, ageS, stallMs, ownMs: Math.max(0, stallMs - waitedMs) };
      }),
    )
    .toSorted((a, b) => b.ownMs - a.ownMs);
  const [longest] = stalls;
  const longestOfAllMs = Math.max(0, ...stalls.map(({ stallMs }) => stallMs));
  return {
    verdict: {
      name: `no stall of the event loop is over ${String(MAX_STALL_MS)} ms`,
      faults: stalls
        .filter(({ ownMs }) => ownMs > MAX_STALL_MS)
        .map(({ atS, ownMs }) => `${ownMs.toFixed(0)} ms at ${atS.toFixed(0)} s`),
    },
    told:
      `longest stall of the event loop: ${(longest?.ownMs ?? 0).toFixed(0)} ms, ${(longest?.ageS ?? 0).toFixed(0)} s after the ` +
      `start of its process; ${longestOfAllMs.toFixed(0)} ms with the time in which other processes had the core`,
  };
}

/** Slots are judged only where the service had a core when it needed one. */
function judgeSlots(lives: readonly (readonly Sample[])[]): Finding {
  const last = lives.flatMap((samples) => samples.slice(-1));
  const sum = (of: (sample: Sample) => number): number =>
    last.reduce((total, sample) => total + of(sample), 0);
  const missed = sum(({ slotsMissed }) => slotsMissed);
  const dispatches = sum(({ dispatches: sent }) => sent);
  const waitedShare = sum(({ waitedForCoreMs }) => waitedForCoreMs) / sum(({ ageS }) => ageS * 1000);
  const isOverloaded = waitedShare > MAX_WAITED_SHARE;
  const told =
    `${String(missed)} slots missed, ${String(dispatches)} dispatches; the service waited for a core for ` +
    `${(waitedShare * 100).toFixed(0)} % of the time${isOverloaded ? ': the machine is overloaded, slots are not judged' : ''}`;
  return {
    verdict: {
      name: `at most ${String(MAX_MISSED_SHARE * 100)} % of the slots are missed without a cause`,
      faults: !isOverloaded && missed > dispatches * MAX_MISSED_SHARE ? [told] : [],
    },
    told,
  };
}
