import { contest, type Contest, type Entry } from '../contest.ts';
import { bareHttp, bareNest } from '../contestants/bare.ts';
import { bullmq } from '../contestants/bullmq.ts';
import type { Contestant } from '../contestants/contestant.ts';
import { original } from '../contestants/original.ts';
import { pgBoss } from '../contestants/pg-boss.ts';
import { sluiceOnPostgres, sluiceOnSqlite } from '../contestants/sluice.ts';
import type { Measured } from '../interleave.ts';
import { ratioOf } from '../statistics.ts';
import type { BenchCase, CaseResult, Ratio, Row, Target } from './bench-case.ts';

const CONTESTANTS: readonly Contestant[] = [
  sluiceOnSqlite,
  bareNest,
  bareHttp,
  sluiceOnPostgres,
  bullmq('everysec'),
  bullmq('always'),
  pgBoss,
  original,
];

const LOAD = { connections: 64, idsPerRequest: 5 };

/** A figure of the gate, compared with that of another contestant. */
interface Comparison {
  readonly gate: string;
  readonly of: 'perSecond' | 'p99Ms';
  readonly to: string;
  readonly target: Target;
}

const ON_SQLITE = sluiceOnSqlite.name;
const COMPARISONS: readonly Comparison[] = [
  { gate: ON_SQLITE, of: 'perSecond', to: bareNest.name, target: { kind: 'at_least', value: 0.95 } },
  { gate: ON_SQLITE, of: 'p99Ms', to: bareNest.name, target: { kind: 'at_most', value: 1.3 } },
  { gate: ON_SQLITE, of: 'perSecond', to: bullmq('everysec').name, target: { kind: 'at_least', value: 3 } },
  { gate: ON_SQLITE, of: 'perSecond', to: pgBoss.name, target: { kind: 'at_least', value: 5 } },
  {
    gate: sluiceOnPostgres.name,
    of: 'perSecond',
    to: bareNest.name,
    target: { kind: 'at_least', value: 0.7 },
  },
];

/** The peers whose processor time covers all their work, because they run in one process. */
const STEADY_TO = [bareNest.name, bareHttp.name];

/** Measures durable acceptances a second, compared with the peers and with frameworks that keep nothing. */
export const acceptance: BenchCase = {
  name: 'acceptance',
  title: `Acceptances: ${String(LOAD.idsPerRequest)} ids a request, ${String(LOAD.connections)} connections`,

  async run(settings, folder) {
    const contestants = settings.peers
      ? CONTESTANTS
      : CONTESTANTS.filter(({ name }) => name === sluiceOnSqlite.name || STEADY_TO.includes(name));
    return toResult(await contest(contestants, LOAD, settings, folder));
  },
};

const GRID_CONTESTANTS = [sluiceOnSqlite, bareNest];
const GRID_CONNECTIONS = [1, 64, 512];
const GRID_IDS = [5, 100, 10_000];
/** The grid has nine points, so fewer rounds of each keep the whole within minutes. */
const GRID_ROUNDS = 5;

/** Measures acceptances by connections and list size, compared with the bare framework. */
export const acceptanceGrid: BenchCase = {
  name: 'acceptance-grid',
  title: 'Acceptances: by connections and ids a request',

  async run(settings, folder) {
    const rows: Row[] = [];
    const losses: string[] = [];
    const shorter = { ...settings, rounds: Math.min(settings.rounds, GRID_ROUNDS) };
    for (const idsPerRequest of GRID_IDS) {
      for (const connections of GRID_CONNECTIONS) {
        const point = `${String(idsPerRequest)} ids, ${String(connections)} conn.`;
        const place = `${folder}/grid-${String(idsPerRequest)}-${String(connections)}`;
        const { entries } = await contest(GRID_CONTESTANTS, { connections, idsPerRequest }, shorter, place);
        rows.push(...entries.flatMap((entry) => rowsOf({ ...entry, name: `${point}: ${entry.name}` })));
        losses.push(...faultsOf(entries, isSluice));
      }
    }
    return { rows, ratios: [], losses };
  },
};

function toResult({ entries, skipped }: Contest): CaseResult {
  const sluice = entries.find(({ name }) => name === sluiceOnSqlite.name)?.measured;
  return {
    rows: entries.flatMap(rowsOf),
    ratios:
      sluice === undefined
        ? []
        : [
            ...COMPARISONS.flatMap((comparison) => toRatio(comparison, entries)),
            ...cpuRatios(sluice, entries),
          ],
    losses: faultsOf(entries, isSluice),
    notes: [
      ...skipped.map((why) => `skipped: ${why}`),
      ...faultsOf(entries, (name) => !isSluice(name)).map((fault) => `marked: ${fault}`),
    ],
  };
}

function isSluice(name: string): boolean {
  return name === sluiceOnSqlite.name || name === sluiceOnPostgres.name;
}

function faultsOf(entries: readonly Entry[], isMeant: (name: string) => boolean): string[] {
  return entries.filter(({ name }) => isMeant(name)).flatMap(({ faults }) => faults);
}

function toRatio({ gate, of, to, target }: Comparison, entries: readonly Entry[]): Ratio[] {
  const own = entries.find(({ name }) => name === gate)?.measured;
  const other = entries.find(({ name }) => name === to)?.measured;
  const what = of === 'perSecond' ? 'acceptances' : 'p99';
  return own === undefined || other === undefined
    ? []
    : [{ what: `${what}, ${gate} to ${to}`, series: ratioOf(own[of], other[of]), target }];
}

function cpuRatios(sluice: Measured, entries: readonly Entry[]): Ratio[] {
  return entries
    .filter(({ name }) => STEADY_TO.includes(name))
    .map(({ name, measured }) => ({
      what: `processor time of an acceptance, Sluice to ${name}`,
      series: ratioOf(sluice.cpuMicros, measured.cpuMicros),
      isSteady: true,
    }));
}

function rowsOf({ name, measured }: Entry): Row[] {
  return [
    { what: `${name}: acceptances`, unit: '/s', series: measured.perSecond },
    { what: `${name}: processor time each`, unit: 'µs', series: measured.cpuMicros },
    { what: `${name}: p50`, unit: 'ms', series: measured.p50Ms },
    { what: `${name}: p99`, unit: 'ms', series: measured.p99Ms },
    { what: `${name}: p99.9`, unit: 'ms', series: measured.p999Ms },
  ];
}
