import type { Round } from '../round.ts';
import type { FaultKind } from './kind.ts';

const IS_STRICT = 0.5;

/** The primary is stopped in order, and the two servers change their roles; then the same the other way. */
export const switchover: FaultKind = {
  name: 'switchover',
  missing: () => null,
  prepare: async (cluster) => {
    await cluster.addStandby();
    return { make, release: async () => undefined };
  },
};

async function make(round: Round): Promise<void> {
  for (let times = 0; times < 2; times++) {
    await round.trouble(null, () => round.cluster.switchOver(round.random.chance(IS_STRICT)));
    await round.work();
  }
}
