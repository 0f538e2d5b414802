import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PLANTED_BUGS } from './planted-bugs.js';

/** The longest time for one bug. */
const MAX_MS = 5 * 60_000;
const FOUND = /^seed \d+ breaks a promise: (.*)$/m;

/**
 * Plants each bug into the sources of a process of its own and plays runs there until one fails. Returns false if a bug is
 * not found in time.
 */
export async function findPlantedBugs(forMs: number | null): Promise<boolean> {
  let missed = 0;
  for (const { name, store = 'sqlite' } of PLANTED_BUGS) {
    const beganMs = Date.now();
    const found = await findOne(name, store, Math.min(forMs ?? MAX_MS, MAX_MS));
    const seconds = ((Date.now() - beganMs) / 1000).toFixed(0).padStart(4);
    missed += found === null ? 1 : 0;
    console.log(
      `${seconds} s  ${found === null ? 'NOT FOUND' : 'found'}  ${name}${found === null ? '' : `\n          ${found}`}`,
    );
  }
  console.log(`${String(PLANTED_BUGS.length - missed)} of ${String(PLANTED_BUGS.length)} planted bugs found`);
  return missed === 0;
}

/** Resolves with the promise that the bug breaks; with null if no run fails. */
async function findOne(name: string, store: string, forMs: number): Promise<string | null> {
  const child = spawn(
    process.execPath,
    [
      ...[...process.execArgv, ...process.argv.slice(1, 2)],
      ...['--store', store, '--minutes', String(forMs / 60_000), '--seed', '1'],
    ],
    { env: { ...process.env, SIMULATION_PLANTED: name }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  let found: string | null = null;
  child.stdout.on('data', (piece: Buffer) => {
    output += piece.toString();
    found ??= FOUND.exec(output)?.[1] ?? null;
    if (found !== null) {
      child.kill(); // without the time to shrink it
    }
  });
  await once(child, 'close');
  return found;
}
