import { submit } from '../../crash/cases/submit.ts';
import { ask } from '../../crash/http-client.ts';
import type { Replica } from '../../crash/replica-group.ts';
import { MAIN } from '../../crash/service-process.ts';
import { earlierMain, whyNoEarlierBuild } from '../earlier-build.ts';
import { DELAY_MS, type Round } from '../round.ts';
import type { FaultKind } from './kind.ts';

/** The line in which a release says that the store is newer. It is the only one that it writes. */
const REFUSAL =
  /^[^\n]*the store has schema version \d+, this program knows up to \d+: run a newer release[^\n]*\n?$/;

/**
 * The replicas run the release before. One after the other is stopped in order and started with the new release, whose first
 * start migrates the store under the load. At the end the release before is started again, and must refuse.
 */
export const upgrade: FaultKind = {
  name: 'upgrade',
  missing: whyNoEarlierBuild,
  prepare: async () => ({ main: earlierMain(), make, release: async () => undefined }),
};

async function make(round: Round, replicas: readonly [Replica, ...Replica[]]): Promise<void> {
  const { group, random, scene } = round;
  const rest = random.shuffle(replicas);
  scene.processes.main = MAIN;
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    await group.restart(next);
    await round.work();
    round.verdicts.push({
      name: 'a replica of the release before works on, and reports that the store is newer',
      faults: (await Promise.all(rest.map((replica) => findFaults(round, replica)))).flat(),
    });
  }
  round.verdicts.push({
    name: 'the release before does not start on the newer store, and says why in one line',
    faults: await startEarlier(round),
  });
}

async function findFaults({ scene: { ledger } }: Round, { target, service }: Replica): Promise<string[]> {
  const url = await target.reachable();
  const { status, text } = await ask({ method: 'GET', url: `${url}/health/ready` });
  const { checks } = JSON.parse(text) as { readonly checks?: Readonly<Record<string, { status: string }>> };
  const faults =
    status === 200 && checks?.['schema']?.status === 'degraded' ? [] : [`${String(status)} ${text}`];
  const refused = await submit(url, ledger, ledger.draw()).then(
    () => [],
    (error: unknown) => [String(error)],
  );
  return [...faults, ...refused].map((fault) => `process ${String(service.number)}: ${fault}`);
}

async function startEarlier({ scene: { processes } }: Round): Promise<string[]> {
  const service = processes.startUncounted(DELAY_MS, earlierMain());
  if ((await service.ready()) !== null) {
    await service.stop();
    return ['it starts'];
  }
  const { code } = await service.end();
  return code !== null && code !== 0 && REFUSAL.test(service.errors)
    ? []
    : [`exit code ${String(code)}: ${service.errors}`];
}
