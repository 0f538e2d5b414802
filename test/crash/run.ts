/**
 * The crash test: `npm run test:crash -- [--store sqlite|postgresql|replicas] [--rounds N]
 * [--signal SIGKILL|SIGTERM] [--seed S] [--limits]`, with SLUICE_LOGS a folder for the output of the service. Ends the
 * built service (`bundle/main.js`, or SLUICE_MAIN) repeatedly under load, then checks the record of an upstream
 * against the promises. Without `--signal`, it plays N rounds of each signal; `replicas` get every trouble.
 * Every third round goes by limits instead of BATCH_DELAY, of `replicas` every second one; with `--limits` every round.
 */
import { Campaign } from './campaign.ts';
import { playContractExample } from './cases/contract-example.ts';
import { playSecondProcess } from './cases/second-process.ts';
import { checkAll } from './checks/check-all.ts';
import { describeRun } from './checks/describe.ts';
import { killChildrenAtTheEnd } from './children.ts';
import type { Scene } from './gather.ts';
import { Ledger } from './ledger.ts';
import { ServiceProcesses } from './service-processes.ts';
import { readOptions, type Ending } from './options.ts';
import { Random } from './random.ts';
import { Recorder } from './recorder/recorder.ts';
import { Report } from './report.ts';
import { PostgresUnderTest } from './postgres-under-test.ts';
import { playReplicas } from './replicas.ts';
import { EmbeddedStore } from './store-under-test.ts';

const options = readOptions();
const { store: storeName, rounds, signals, seed } = options;
const report = new Report();

/** Runs `play` with a new store, recorder and seeded generator; releases them in any case. */
async function withScene(
  signal: Ending,
  play: (scene: Scene, random: Random) => Promise<void>,
): Promise<void> {
  const random = new Random(seed);
  const store = storeName === 'sqlite' ? new EmbeddedStore() : await PostgresUnderTest.start();
  try {
    const recorder = await Recorder.start(seed);
    const processes = new ServiceProcesses(store, recorder);
    try {
      await play({ signal, store, recorder, processes, ledger: new Ledger(random.fork()) }, random);
    } finally {
      await processes.killAll();
      recorder.stop();
    }
  } finally {
    await store.remove();
  }
}

async function playMode(signal: Ending): Promise<void> {
  const startedMs = Date.now();
  await withScene(signal, async (scene, random) => {
    const evidence = await new Campaign(scene, random).play(options);
    const findings = checkAll(evidence);
    describeRun(evidence, findings).forEach((line) => {
      report.note(`${signal}: ${line}`);
    });
    report.judge(signal, findings.verdicts);
  });
  await withScene(signal, async (scene, random) => {
    const evidence = await playContractExample(scene, random);
    report.judge(`${signal} in the contract's example`, checkAll(evidence).verdicts);
  });
  report.note(`${signal}: ${String(rounds)} rounds in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

async function playReplicaMode(): Promise<void> {
  const startedMs = Date.now();
  await withScene('SIGKILL', async (scene, random) => {
    const { evidence, told } = await playReplicas(scene, random, options);
    const findings = checkAll(evidence);
    [...describeRun(evidence, findings), told].forEach((line) => {
      report.note(`replicas: ${line}`);
    });
    report.judge('replicas', findings.verdicts);
  });
  report.note(`replicas: ${String(rounds)} rounds in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

killChildrenAtTheEnd();
try {
  if (storeName === 'replicas') {
    await playReplicaMode();
  } else {
    for (const signal of signals) {
      await playMode(signal);
    }
  }
  if (storeName === 'sqlite') {
    await withScene('SIGTERM', async (scene) => {
      report.judge('a second process', await playSecondProcess(scene));
    });
  }
} catch (error) {
  const fault = error instanceof Error ? String(error.stack) : String(error);
  report.judge('the run', [{ name: 'it gets to its end', faults: [fault] }]);
}
report.note(
  `repeat with --store ${storeName} --rounds ${String(rounds)} --seed ${String(seed)}${options.limitedEvery === 1 ? ' --limits' : ''}`,
);
report.close();
process.exit(report.hasFailed ? 1 : 0);
