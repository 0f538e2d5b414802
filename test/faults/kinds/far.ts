import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import type { FaultKind } from './kind.ts';

const ONE_WAY_MS = 100;
const MAX_RUN_MS = 4000;

/** The server becomes 200 ms distant for all replicas; one of them is killed and replaced meanwhile, twice. */
export const far: FaultKind = {
  name: 'far',
  missing: () => null,
  prepare: async (cluster) => {
    const network = await TcpProxy.before(cluster.primary.url());
    cluster.databaseUrl = () => network.through(cluster.primary.url());
    return {
      make: async (round, replicas) => {
        const { random } = round;
        network.delayBy(ONE_WAY_MS);
        for (let times = 0; times < 2; times++) {
          await sleep(random.between(0, MAX_RUN_MS));
          const replica = random.pick(replicas);
          await round.trouble(replica, () => round.group.replace(replica));
        }
        await round.work();
        network.delayBy(0);
      },
      release: () => network.close(),
    };
  },
};
