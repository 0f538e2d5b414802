import { setTimeout as sleep } from 'node:timers/promises';
import type { Round } from '../round.ts';
import type { FaultKind } from './kind.ts';

const MAX_UNNOTICED_MS = 1500;
const IS_STRICT = 0.5;

/**
 * The primary is killed, the synchronous standby becomes the primary, and a new standby is made in the place of the old
 * primary; then the same the other way.
 */
export const failover: FaultKind = {
  name: 'failover',
  missing: () => null,
  prepare: async (cluster) => {
    await cluster.addStandby();
    return { make, release: async () => undefined };
  },
};

async function make(round: Round): Promise<void> {
  const { cluster, random } = round;
  for (let times = 0; times < 2; times++) {
    await round.trouble(null, async () => {
      await cluster.primary.kill();
      await sleep(random.between(0, MAX_UNNOTICED_MS));
      await cluster.promote(random.chance(IS_STRICT));
    });
    await round.work();
    await cluster.addStandby();
    await round.work();
  }
}
