/** A bug that a simulation must find: one line of the sources, changed. */
export interface PlantedBug {
  readonly name: string;
  /** The store on which it must be found. */
  readonly store?: 'postgresql';
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const SQLITE = 'src/storage/sqlite';
const POSTGRES = 'src/storage/postgres';
const SCHEDULER = 'src/scheduler';

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'claim: a retry stays in the queue when it is claimed',
    file: `${SQLITE}/queue/commit-claim.ts`,
    from: 'this.removeRetry.run({ laneNo, rank, dueTime, seq, position: first });',
    to: '',
  },
  {
    name: 'order: new ids go before retries',
    file: `${SCHEDULER}/queue/dispatch-order.ts`,
    from: 'Number(b.isRetry) - Number(a.isRetry)',
    to: 'Number(a.isRetry) - Number(b.isRetry)',
  },
  {
    name: 'settle: each part gets the outcomes of the first',
    file: `${SQLITE}/queue/settle.ts`,
    from: 'outcomes.slice(next, next + part.size)',
    to: 'outcomes.slice(0, part.size)',
  },
  {
    name: 'commit: outcomes are told before they are durable',
    file: `${SQLITE}/database/database.ts`,
    from: 'worked: isAlone ? this.write(work) : this.commit(work)',
    to: 'worked: this.commit(work)',
  },
  {
    name: 'lease: it is renewed only after it has expired',
    file: `${SCHEDULER}/dispatch/dispatch-runner.ts`,
    from: 'this.options.leaseMs / 4',
    to: 'this.options.leaseMs * 4',
  },
  {
    name: 'lease: dispatches of a process that has ended wait for the end of their lease',
    file: `${SQLITE}/queue/dispatch-leases.ts`,
    from: 'min(lease_ends_time, ?)',
    to: 'max(lease_ends_time, ?)',
  },
  {
    name: 'slot: after a restart it opens at once',
    file: `${SQLITE}/queue/lane-gate.ts`,
    from: 'Math.min(row.slot_taken_time + RESTART_MARGIN_MS, time.nowMs())',
    to: 'Math.min(0, time.nowMs())',
  },
  {
    name: 'clock: after a restart store time follows the wall clock',
    file: `${SQLITE}/database/store-clock.ts`,
    from: 'byMonotonic < 0 ? byWall : Math.min(byWall, byMonotonic)',
    to: 'byWall',
  },
  {
    name: 'hold: a shorter one ends a longer one',
    file: `${SQLITE}/queue/queue.repository.ts`,
    from: 'held_until_time = max(held_until_time, ?)',
    to: 'held_until_time = ?',
  },
  {
    name: 'rules: a window holds one more',
    file: `${SQLITE}/queue/departures.ts`,
    from: 'used: total - (left.get(laneNo, nowUs - perUs)?.total ?? 0),',
    to: 'used: total - (left.get(laneNo, nowUs - perUs)?.total ?? 0) - 1,',
  },
  {
    name: 'idempotency: a key is not kept over a restart',
    file: `${SQLITE}/ingestion/accept-group.ts`,
    from: 'this.idempotencyKeys.add(idempotency, idBytes, nowMs);',
    to: '',
  },
  {
    name: 'staging: a list is queued without its last block',
    file: `${SQLITE}/ingestion/staging.repository.ts`,
    from: 'this.chunks.insert(-stagingNo, packedIds, precedingIds / IDS_PER_CHUNK);',
    to: 'this.chunks.insert(-stagingNo, packedIds.subarray(0, 4000), precedingIds / IDS_PER_CHUNK);',
  },
  {
    name: 'cancel: retries of a cancelled list go on',
    file: `${SQLITE}/queue/settle.ts`,
    from: 'return isCancelled === 1 ? transitions.map(ofCancelled) : transitions;',
    to: 'return isCancelled === 2 ? transitions.map(ofCancelled) : transitions;',
  },
  {
    name: 'replicas: a claim goes through although another one was faster',
    store: 'postgresql',
    file: `${POSTGRES}/queue/commit-claims.ts`,
    from: 'gate.ctid = claim.version AND gate.lane_no = claim.lane_no AND gate.turn = claim.turn',
    to: 'gate.lane_no = claim.lane_no',
  },
  {
    name: 'replicas: a lease is taken over 3 s before its end',
    store: 'postgresql',
    file: `${POSTGRES}/queue/release.ts`,
    from: 'ended_at IS NULL AND lease_ends_time <= (SELECT',
    to: 'ended_at IS NULL AND lease_ends_time - 3000 <= (SELECT',
  },
  {
    name: 'replicas: an outcome is recorded after another replica took the ids over',
    store: 'postgresql',
    file: `${POSTGRES}/queue/settle.ts`,
    from: 'WHERE dispatch_no = ANY ($1::bigint[]) AND ended_at IS NULL AND ids = outcomes',
    to: 'WHERE dispatch_no = ANY ($1::bigint[]) AND ids = outcomes',
  },
  {
    name: 'replicas: a process that stops renews no lease',
    store: 'postgresql',
    file: `${SCHEDULER}/dispatch/batch-processor.ts`,
    from: 'void this.lookAfterLeases(() => this.runner.renewLeases());',
    to: '',
  },
];

/** Returns the source with the bug. */
export function plantBug(source: string, { name, from, to }: PlantedBug): string {
  const parts = source.split(from);
  if (parts.length !== 2) {
    throw new Error(
      `the bug "${name}" must be planted in one place, and there are ${String(parts.length - 1)}`,
    );
  }
  return parts.join(to);
}
