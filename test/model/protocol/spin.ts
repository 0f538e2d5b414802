import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe } from '@jest/globals';
import type { LaneRules } from './planted-faults.js';

const run = promisify(execFile);

/** The model, as it is checked. */
export const LANE_MODEL = readFileSync(new URL('./lane.pml', import.meta.url), 'utf8');

/** The result of a search of all states. */
export interface Search {
  /** The assertion that does not hold in a state, with the number of steps to it; null if there is none. */
  readonly violation: string | null;
  readonly states: number;
}

/** A block that is skipped if SPIN or a C compiler is missing. */
export const describeWithSpin =
  isInstalled('spin', '-V') && isInstalled('cc', '--version') ? describe : skip();

/**
 * Flags of the compiler and of the search. To compile with `-O2` takes longer than to visit a few thousand states, and so does
 * it to clear a hash table (`-w`) for millions of them.
 */
const FLAGS = {
  'a violation': ['-O0', '-w20'],
  'all states': ['-O2', '-w24'],
} as const;

/**
 * Visits all states that the model can reach, nearest first, until an assertion fails.
 * @throws Error if the search ended before it had visited all of them
 */
export async function searchFor(aim: keyof typeof FLAGS, model: string, rules: LaneRules): Promise<Search> {
  const [optimization, tableSize] = FLAGS[aim];
  const folder = mkdtempSync(join(tmpdir(), 'sluice-spin-'));
  const inFolder = { cwd: folder, maxBuffer: 64 << 20 };
  try {
    writeFileSync(join(folder, 'lane.pml'), model);
    await run('spin', ['-a', `-DLIMITS=${String(rules)}`, 'lane.pml'], inFolder);
    await run('cc', [optimization, '-w', '-DSAFETY', '-DBFS', '-o', 'pan', 'pan.c'], inFolder);
    const { stdout } = await run('./pan', [tableSize], inFolder);
    const violation = /^pan:1: (.*)$/m.exec(stdout)?.[1] ?? null;
    if (violation === null && /^(error: .*|.*Search not completed.*)$/m.test(stdout)) {
      throw new Error(`SPIN did not visit all states:\n${stdout}`);
    }
    return { violation, states: Number(/(\d+) states, stored/.exec(stdout)?.[1]) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isInstalled(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function skip(): typeof describe.skip {
  process.stderr.write(
    'SKIPPED: the check of the protocol, as SPIN or a C compiler is missing (spin, gcc)\n',
  );
  return describe.skip;
}
