import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { BenchCase, CaseResult, Ratio } from './cases/bench-case.ts';
import { CAN_PIN, RESULTS_FOLDER, type Settings } from './settings.ts';

export interface Outcome {
  readonly bench: BenchCase;
  readonly result: CaseResult;
}

export const RESULTS_FILE = join(RESULTS_FOLDER, 'latest.json');
const WHAT_WIDTH = 62;
const NUMBER_WIDTH = 11;

/** Prints a case as soon as it has ended. */
export function printCase({ bench, result }: Outcome): void {
  console.log(`\n${bench.title}`);
  printLine('', ['median', 'min', 'max'], '');
  for (const { what, unit, series } of result.rows) {
    printLine(what, [series.median, series.min, series.max].map(format), unit);
  }
  for (const ratio of result.ratios) {
    const { what, series } = ratio;
    printLine(`= ${what}`, [series.median, series.min, series.max].map(format), describeTarget(ratio));
  }
  for (const note of result.notes ?? []) {
    console.log(`  ${note}`);
  }
  for (const loss of result.losses) {
    console.log(`  LOST OR REFUSED: ${loss}`);
  }
}

/** Writes all results as JSON. */
export function writeResults(outcomes: readonly Outcome[], settings: Settings): void {
  mkdirSync(RESULTS_FOLDER, { recursive: true });
  const results = {
    measured_at: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memory_mb: Math.round(totalmem() / 1_048_576),
      node: process.version,
      platform: process.platform,
      pinned: CAN_PIN,
    },
    settings,
    cases: Object.fromEntries(outcomes.map(({ bench, result }) => [bench.name, result])),
  };
  writeFileSync(RESULTS_FILE, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nWritten to ${RESULTS_FILE}`);
}

function printLine(what: string, numbers: readonly string[], note: string): void {
  const columns = numbers.map((number) => number.padStart(NUMBER_WIDTH)).join('');
  console.log(`  ${what.padEnd(WHAT_WIDTH)}${columns}  ${note}`.trimEnd());
}

function format(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function describeTarget({ series: { median }, target }: Ratio): string {
  if (target === undefined) {
    return '';
  }
  const { kind, value } = target;
  const isReached = kind === 'at_least' ? median >= value : median <= value;
  return `${isReached ? 'reached' : 'MISSED'}: ${kind === 'at_least' ? '>=' : '<='} ${String(value)}`;
}
