import { LEASE_MS } from '../../crash/store-under-test.ts';
import { hasPooler, Pooler, type PoolMode } from '../pooler.ts';
import type { Round } from '../round.ts';
import type { FaultKind } from './kind.ts';

const TIMES = 3;
const MAX_DOWN_MS = 1500;

/** PgBouncer stands between the replicas and the server; it is killed and started again, paused, or stopped for a time. */
export const transactionPooler = pooler('pooler-transaction', 'transaction');
/** The same in session mode, in which there is no pause: it would wait for the clients to leave. */
export const sessionPooler = pooler('pooler-session', 'session');

function pooler(name: string, mode: PoolMode): FaultKind {
  return {
    name,
    missing: () => (hasPooler() ? null : 'PgBouncer is not installed (Debian: apt-get install pgbouncer)'),
    prepare: async (cluster) => {
      const instance = await Pooler.before(cluster.primary, mode);
      cluster.databaseUrl = () => instance.url;
      return {
        make: async (round) => {
          for (let times = 0; times < TIMES; times++) {
            await round.trouble(null, () => disturb(round, instance, mode));
            await round.work();
          }
        },
        release: () => instance.remove(),
      };
    },
  };
}

function disturb({ random }: Round, instance: Pooler, mode: PoolMode): Promise<void> {
  const durationMs = random.between(0, 1.5 * LEASE_MS);
  switch (random.pick(mode === 'transaction' ? ['restart', 'pause', 'suspend'] : ['restart', 'suspend'])) {
    case 'restart':
      return instance.restart(random.between(0, MAX_DOWN_MS));
    case 'pause':
      return instance.pause(durationMs);
    default:
      return instance.suspend(durationMs);
  }
}
