/**
 * Measures the gate and its peers, prints a table and writes bench/results/latest.json. Figures of one run
 * compare with each other, not with those of another run or machine. Ends with exit code 1 when Sluice lost or refused
 * anything.
 *
 * npm run bench                       all of it, some minutes
 * npm run bench -- --quick            a short form
 * npm run bench -- --only claims      one case; more with commas
 * npm run bench -- --only drain --pairs 2 --ids 5000
 *                                     fewer pairs of runs, of fewer ids
 * npm run bench -- --check            fails where a steady ratio is worse than the committed one
 * npm run bench -- --commit           makes this run's steady ratios the committed ones
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptance, acceptanceGrid } from './cases/acceptance.ts';
import { backlog } from './cases/backlog.ts';
import type { BenchCase } from './cases/bench-case.ts';
import { batchSizes, claims, postgresClaims } from './cases/claims.ts';
import { drain } from './cases/drain.ts';
import { eta } from './cases/eta.ts';
import { flatOut } from './cases/flat-out.ts';
import { largeAnswers } from './cases/large-answers.ts';
import { lanes } from './cases/lanes.ts';
import { pace } from './cases/pace.ts';
import { postgresCost } from './cases/postgres-cost.ts';
import { replicas } from './cases/replicas.ts';
import { postgresRules, rules } from './cases/rules.ts';
import { status } from './cases/status.ts';
import { stream } from './cases/stream.ts';
import { validation } from './cases/validation.ts';
import { wake } from './cases/wake.ts';
import { commitBaseline, findWorse } from './check.ts';
import { printCase, writeResults, type Outcome } from './report.ts';
import { CAN_PIN, readArguments, SLUICE_MAIN, type Settings } from './settings.ts';

const CASES: readonly BenchCase[] = [
  acceptance,
  acceptanceGrid,
  status,
  claims,
  batchSizes,
  rules,
  backlog,
  validation,
  stream,
  largeAnswers,
  eta,
  pace,
  wake,
  replicas,
  lanes,
  drain,
  flatOut,
  postgresClaims,
  postgresRules,
  postgresCost,
];

/** The cases with steady ratios. */
const STEADY_CASES: readonly BenchCase[] = [acceptance, status];
/** A ratio counts as worse only if it is worse in each attempt. */
const CHECK_ATTEMPTS = 3;

async function run(): Promise<boolean> {
  const { settings, only, mode } = readArguments();
  const unknown = only.find((name) => !CASES.some((bench) => bench.name === name));
  if (unknown !== undefined) {
    throw new Error(`no case is named "${unknown}"; there are ${CASES.map(({ name }) => name).join(', ')}`);
  }
  if (!existsSync(SLUICE_MAIN)) {
    throw new Error(`${SLUICE_MAIN} is missing: run "npm run build" first`);
  }
  if (!CAN_PIN) {
    console.log(
      'The contestants and the load generator share the cores: this machine cannot keep them apart.',
    );
  }
  const cases = (mode === 'measure' ? CASES : STEADY_CASES).filter(
    ({ name }) => only.length === 0 || only.includes(name),
  );
  const outcomes = await measure(cases, settings);
  switch (mode) {
    case 'measure':
      writeResults(outcomes, settings);
      break;
    case 'commit':
      commitBaseline(outcomes);
      break;
    case 'check':
      return (await isAsCommitted(outcomes, settings)) && hasLostNothing(outcomes);
  }
  return hasLostNothing(outcomes);
}

async function measure(cases: readonly BenchCase[], settings: Settings): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    const outcomes: Outcome[] = [];
    for (const bench of cases) {
      const outcome = { bench, result: await bench.run(settings, folder) };
      printCase(outcome);
      outcomes.push(outcome);
    }
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isAsCommitted(first: readonly Outcome[], settings: Settings): Promise<boolean> {
  let worse = findWorse(first);
  for (let attempt = 2; worse.length > 0 && attempt <= CHECK_ATTEMPTS; attempt++) {
    console.log(`\nWorse than committed, measuring again:\n  ${worse.join('\n  ')}`);
    worse = findWorse(
      await measure(
        first.map(({ bench }) => bench),
        settings,
      ),
    );
  }
  console.log(worse.length > 0 ? `\nWorse than committed:\n  ${worse.join('\n  ')}` : '\nAs committed.');
  return worse.length === 0;
}

function hasLostNothing(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ result }) => result.losses.length === 0);
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`the benchmark failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
