/**
 * The simulation: `npm run simulate -- [--minutes N | --runs N] [--seed S] [--only incidents] [--trace] [--planted]`. Plays
 * runs of the real scheduler, intake and embedded store in a world that follows from a seed. A run that fails is played
 * again, to show that it repeats, and is shrunk. With `--planted` it shows that each planted bug is found.
 */
import { Dice } from './dice.js';
import { startOwnPostgres, type TestServer } from '../support/postgres.js';
import { EmbeddedDeployment, type Deploy } from './deployment.js';
import { findPlantedBugs } from './find-planted-bugs.js';
import { readOptions } from './options.js';
import { PostgresDeployment } from './postgres-deployment.js';
import { watchConnections } from './server-connections.js';
import { shrink } from './shrink.js';
import { Simulation, type SimulationResult } from './simulation.js';

/** The virtual time of a run: some are short, because much happens at a start. */
const MIN_RUN_MS = 20_000;
const MAX_RUN_MS = 900_000;
const SHRINK_MS = 60_000;
const HOUR_MS = 3_600_000;
const SHOWN_LINES = 40;

const { forMs, runs, seed, only, store, isVerbose, isPlanted } = readOptions();

const server = store === 'postgresql' ? await startPostgresServer() : null;
const deploy: Deploy = (parts) =>
  server === null ? new EmbeddedDeployment(parts) : new PostgresDeployment(parts, server.url);

/** The data of a simulation need not survive a crash of this machine. */
async function startPostgresServer(): Promise<TestServer> {
  watchConnections();
  return startOwnPostgres(['fsync=off']);
}

/** Plays the run of a seed. */
async function play(ofSeed: number): Promise<SimulationResult> {
  const runMs = MIN_RUN_MS + new Dice(ofSeed).next('length') ** 2 * (MAX_RUN_MS - MIN_RUN_MS);
  return new Simulation(ofSeed, deploy, only).run(runMs);
}

async function playAll(): Promise<boolean> {
  const beganMs = Date.now();
  const totals = new Map<string, number>();
  let simulatedMs = 0;
  let played = 0;
  let first: SimulationResult | null = null;
  const goesOn = (): boolean =>
    (runs === null || played < runs) && (forMs === null || Date.now() - beganMs < forMs);
  for (; goesOn(); played++) {
    const result = await play(seed + played);
    first ??= result;
    simulatedMs += result.simulatedMs;
    for (const [name, count] of Object.entries(result.counts)) {
      totals.set(name, (totals.get(name) ?? 0) + count);
    }
    if (isVerbose) {
      console.log(result.trace.join('\n'));
      console.log(`seed ${String(result.seed)}: digest ${result.digest}, ${result.settings}`);
    }
    if (result.violation !== null) {
      await report(result);
      return false;
    }
  }
  if (store === 'sqlite' && first !== null && (await play(first.seed)).digest !== first.digest) {
    console.log(`seed ${String(first.seed)} does not repeat: the simulation is not deterministic`);
    return false;
  }
  const sums = [...totals].map(([name, count]) => `${String(count)} ${name}`).join(', ');
  const hours = (simulatedMs / HOUR_MS).toFixed(1);
  const seconds = ((Date.now() - beganMs) / 1000).toFixed(0);
  console.log(
    `${String(played)} runs from seed ${String(seed)} kept every promise: ${hours} h in ${seconds} s; ${sums}`,
  );
  return true;
}

async function report(failed: SimulationResult): Promise<void> {
  console.log(`seed ${String(failed.seed)} breaks a promise: ${String(failed.violation?.message)}`);
  const again = await play(failed.seed);
  const repeats = again.digest === failed.digest && again.violation?.message === failed.violation?.message;
  console.log(repeats ? 'It repeats exactly.' : 'It does NOT repeat: the simulation is not deterministic.');
  const { incidents, trace, violation, settings } = await shrink(failed, deploy, SHRINK_MS);
  console.log(
    `${String(incidents.length)} of ${String(failed.incidents.length)} incidents are enough: ${String(violation?.message)}`,
  );
  console.log(settings);
  console.log(trace.slice(-SHOWN_LINES).join('\n'));
  console.log(
    `npm run simulate -- --runs 1 --seed ${String(failed.seed)} --trace --only '${incidents.join(',')}'`,
  );
}

const isGood = isPlanted ? await findPlantedBugs(forMs) : await playAll();
await server?.stop();
process.exitCode = isGood ? 0 : 1;
