/**
 * Real faults of PostgreSQL and its network: `npm run faults -- [--rounds N] [--kind NAME]… [--postgres MAJOR]
 * [--seed S]`, with SLUICE_LOGS a folder for the output of the service. Each round starts new servers, three replicas
 * of the built service, clients and the recording upstream, makes the fault, and checks the promises. A third of the
 * rounds each goes by a delay, by limits, and by a delay in three lanes with FAIR_SHARE and PRIORITY_AGING. As root on Linux the run has a network of its own, in which packets are dropped.
 */
import { checkAll } from '../crash/checks/check-all.ts';
import { describeRun } from '../crash/checks/describe.ts';
import { killChildrenAtTheEnd } from '../crash/children.ts';
import { useApiKey } from '../crash/http-client.ts';
import { Ledger } from '../crash/ledger.ts';
import { Random } from '../crash/random.ts';
import { Recorder } from '../crash/recorder/recorder.ts';
import { Report } from '../crash/report.ts';
import { ServiceProcesses } from '../crash/service-processes.ts';
import { Cluster } from './cluster.ts';
import { prepareEarlierBuild } from './earlier-build.ts';
import type { FaultKind } from './kinds/kind.ts';
import { upgrade } from './kinds/upgrade.ts';
import { hasOwnNetwork, mayMakeNetwork, runInOwnNetwork } from './namespace.ts';
import { readOptions } from './options.ts';
import { findPostgres } from './postgres-binaries.ts';
import { Round } from './round.ts';
import { LanesAndClients, RULES, type Rules } from './rules.ts';

const options = readOptions();
const random = new Random(options.seed);
const report = new Report();
const binaries = findPostgres(options.postgres);
let lanesOfRun: LanesAndClients | null = null;

function lanesAndClients(): LanesAndClients {
  lanesOfRun ??= new LanesAndClients();
  return lanesOfRun;
}

async function playRound(kind: FaultKind, rules: Rules, name: string): Promise<void> {
  const roundRandom = random.fork();
  const startedMs = Date.now();
  const cluster = await Cluster.create(binaries);
  try {
    const prepared = await kind.prepare(cluster);
    const recorder = await Recorder.start(options.seed);
    const lanes = rules === 'lanes' ? lanesAndClients() : null;
    useApiKey(lanes?.adminKey ?? null);
    const processes = new ServiceProcesses(cluster, recorder, {
      logPrefix: `${name.replaceAll(/\W+/g, '-')}-`,
      moreSettings: (processNo) => lanes?.settings(recorder, processNo) ?? {},
      ...(prepared.main !== undefined && { main: prepared.main }),
    });
    try {
      const ledger = new Ledger(roundRandom.fork(), lanes?.mix);
      const scene = { signal: 'SIGKILL', store: cluster, recorder, processes, ledger } as const;
      const round = new Round(scene, cluster, roundRandom);
      const evidence = await round.play(rules, prepared);
      const findings = checkAll(evidence);
      report.judge(name, [...findings.verdicts, ...round.verdicts]);
      [...describeRun(evidence, findings), ...round.notes].forEach((line) => {
        report.note(`${name}: ${line}`);
      });
    } finally {
      await processes.killAll();
      recorder.stop();
      await prepared.release();
    }
  } finally {
    await cluster.remove();
  }
  report.note(`${name}: ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

async function playKind(kind: FaultKind): Promise<void> {
  const reason = kind.missing();
  if (reason !== null) {
    report.note(`SKIPPED ${kind.name}: ${reason}`);
    return;
  }
  for (let round = 0; round < options.rounds; round++) {
    const rules = RULES[round % RULES.length] ?? RULES[0];
    const name = `${kind.name}, round ${String(round + 1)}, ${rules}`;
    await playRound(kind, rules, name).catch((error: unknown) => {
      const fault = error instanceof Error ? String(error.stack) : String(error);
      report.judge(name, [{ name: 'it gets to its end', faults: [fault] }]);
    });
  }
}

killChildrenAtTheEnd();
if (!hasOwnNetwork() && options.kinds.includes(upgrade)) {
  prepareEarlierBuild();
}
if (!hasOwnNetwork() && mayMakeNetwork()) {
  process.exit(await runInOwnNetwork());
}
report.note(`PostgreSQL ${binaries.version}, seed ${String(options.seed)}`);
for (const kind of options.kinds) {
  await playKind(kind);
}
report.close();
process.exit(report.hasFailed ? 1 : 0);
