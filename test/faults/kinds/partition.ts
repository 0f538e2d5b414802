import { setTimeout as sleep } from 'node:timers/promises';
import type { Replica } from '../../crash/replica-group.ts';
import { LEASE_MS } from '../../crash/store-under-test.ts';
import { addressOf, REPLICATION_ADDRESS } from '../cluster.ts';
import { canDropPackets, dropPackets, letPacketsThrough } from '../firewall.ts';
import { hasOwnNetwork } from '../namespace.ts';
import type { Round } from '../round.ts';
import type { FaultKind } from './kind.ts';

const BETWEEN_SERVERS = 0.25;
const OF_ALL_REPLICAS = 0.25;

/** Packets between a replica, or all, and the servers, or between the two servers, vanish for less than a lease; twice. */
export const shortPartition = partition('partition-short', 0.1 * LEASE_MS, 0.8 * LEASE_MS);
/** The same for more than a lease. */
export const longPartition = partition('partition-long', 1.2 * LEASE_MS, 2.5 * LEASE_MS);

function partition(name: string, minMs: number, maxMs: number): FaultKind {
  return {
    name,
    missing: () =>
      hasOwnNetwork() && canDropPackets()
        ? null
        : 'packets are dropped only by root on Linux, with unshare, ip and iptables',
    prepare: async (cluster) => {
      await cluster.addStandby();
      return {
        make: async (round, replicas) => {
          for (let times = 0; times < 2; times++) {
            await cutOff(round, replicas, round.random.between(minMs, maxMs));
            await round.work();
          }
        },
        release: async () => undefined,
      };
    },
  };
}

async function cutOff(
  round: Round,
  replicas: readonly [Replica, ...Replica[]],
  durationMs: number,
): Promise<void> {
  const which = round.random.next();
  const one = which < BETWEEN_SERVERS + OF_ALL_REPLICAS ? null : round.random.pick(replicas);
  const ofReplicas = (one === null ? replicas : [one]).map(({ service }) => addressOf(service.number));
  const addresses = which < BETWEEN_SERVERS ? [REPLICATION_ADDRESS] : ofReplicas;
  await round.trouble(one, async () => {
    addresses.forEach(dropPackets);
    await sleep(durationMs);
    addresses.forEach(letPacketsThrough);
  });
}
