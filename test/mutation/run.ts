/**
 * Mutation tests: `npm run mutate -- [part]…`, without a name all parts of `parts.ts` in turn. StrykerJS changes one
 * expression after another (a mutant) and runs the specs of the part; a mutant under which no test fails has survived.
 * Prints the survivors and the score of each part, the share of mutants that a test has found. Fails below 85 %.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PARTS, toPart } from './parts.ts';

const MIN_SCORE_PERCENT = 85;
const FOLDER = import.meta.dirname;
const STRYKER = join(FOLDER, 'node_modules/@stryker-mutator/core/bin/stryker.js');

/** A mutant that makes a test hang counts as found; one that cannot be run counts neither way. */
const FOUND: ReadonlySet<string> = new Set(['Killed', 'Timeout']);
const SURVIVED: ReadonlySet<string> = new Set(['Survived', 'NoCoverage']);

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

interface Score {
  readonly found: number;
  readonly survived: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: 'string' } },
});
const names = positionals.length === 0 ? Object.keys(PARTS) : positionals;
names.forEach(toPart);
install();
const scores = new Map(names.map((name) => [name, mutate(name)]));
for (const [name, score] of scores) {
  console.log(describe(name, score));
}
process.exitCode = [...scores.values()].every((score) => toPercent(score) >= MIN_SCORE_PERCENT) ? 0 : 1;

/** Stryker has a lock of its own, so that the project and its audit are free of its dependencies. */
function install(): void {
  if (!existsSync(STRYKER)) {
    spawnSync('npm', ['ci', '--prefix', FOLDER, '--no-audit', '--no-fund'], { stdio: 'inherit' });
  }
}

/** @throws Error if Stryker makes no report: its output says why. */
function mutate(name: string): Score {
  console.log(`\n== ${name}`);
  const file = join(FOLDER, `reports/${name}.json`);
  rmSync(file, { force: true });
  spawnSync(process.execPath, [STRYKER, 'run', join(FOLDER, 'stryker.config.js'), ...toConcurrency()], {
    stdio: 'inherit',
    cwd: join(FOLDER, '../..'),
    env: { ...process.env, MUTATION_PART: name },
  });
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  const mutants = Object.values(files).flatMap((found) => found.mutants);
  return {
    found: mutants.filter(({ status }) => FOUND.has(status)).length,
    survived: mutants.filter(({ status }) => SURVIVED.has(status)).length,
  };
}

function toConcurrency(): string[] {
  return values.concurrency === undefined ? [] : ['--concurrency', values.concurrency];
}

function toPercent({ found, survived }: Score): number {
  return (100 * found) / (found + survived);
}

function describe(name: string, score: Score): string {
  const percent = toPercent(score).toFixed(1).padStart(6);
  const mutants = String(score.found + score.survived).padStart(5);
  return `${name.padEnd(12)}${percent} % of ${mutants} mutants found, ${String(score.survived)} survived`;
}
