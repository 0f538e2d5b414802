import { NEVER } from 'rxjs';
import { MemoryDepartureLog } from './memory-departure-log.js';
import type { Clock } from '../../src/domain/clock.js';
import type { ClaimedDispatch, Dispatch } from '../../src/domain/dispatch.js';
import { packIds } from '../../src/domain/packed-ids.js';
import type { PriorityRank } from '../../src/domain/priority.js';
import {
  QueueRepository,
  type Candidate,
  type CommittedClaim,
  type GateReading,
  type HeadRequest,
  type LaneSelection,
  type QueueHead,
} from '../../src/scheduler/queue/queue.repository.js';

interface PendingList {
  readonly lane: string;
  readonly seq: number;
  readonly rank: PriorityRank;
  readonly client: string | null;
  readonly units: number;
  readonly acceptedMs: number;
  readonly total: number;
  taken: number;
  batches: number;
}

interface Expiry {
  readonly expiresMs: number;
  readonly seq: number;
}

class MemoryGate {
  epoch = 1;
  lastSendMs = Number.NEGATIVE_INFINITY;
  slotDelayMs = 0;
  isPaused = false;
  heldUntilMs = 0;
  settingsVersion = 0;
  served: Partial<Record<PriorityRank, string>> = {};
}

/** A queue in memory, for tests of what decides above the store. `sharing` is that of the store it stands for. */
export class MemoryQueueRepository extends QueueRepository {
  override readonly arrivals = NEVER;
  /** Runs before each commit, as another process would between the read and the commit. */
  beforeCommit: (claims: readonly LaneSelection[]) => void = () => undefined;
  /** The requests of all reads. */
  readonly reads: HeadRequest[] = [];
  readonly commits: (readonly LaneSelection[])[] = [];
  readonly released: string[] = [];
  readonly abandoned: string[] = [];
  isReleaseFailing = false;
  /** The number of lists that each step admitted; negative for a step that cancelled lists because they had expired. */
  readonly admissions: number[] = [];
  private readonly scheduled: {
    readonly dueMs: number;
    readonly rank: PriorityRank;
    readonly lane: string;
  }[] = [];
  private readonly expiries: Expiry[] = [];
  private readonly gates = new Map<string, MemoryGate>();
  private readonly lists: PendingList[] = [];
  private readonly retries: (Candidate & { readonly lane: string })[] = [];
  override readonly departures: MemoryDepartureLog;
  private dispatchNo = 0;

  constructor(
    private readonly clock: Clock,
    override readonly sharing = { isShared: false, restartMarginMs: 50 },
  ) {
    super();
    this.departures = new MemoryDepartureLog(clock, (lane) => this.gate(lane));
  }

  /** Adds a list of `total` ids; returns its place in the order of acceptance. */
  accept(
    rank: PriorityRank,
    total: number,
    { lane = 'default', client = null as string | null, units = 1 } = {},
  ): number {
    const seq = this.lists.length + 1;
    const acceptedMs = this.clock.monotonicMs();
    this.lists.push({ lane, seq, rank, client, units, acceptedMs, total, taken: 0, batches: 0 });
    return seq;
  }

  /** Adds a retry; with `keptKey` it repeats a call. */
  retryAt(
    dueMs: number,
    rank: PriorityRank,
    seq: number,
    first: number,
    { lane = 'default', ...kept }: { readonly lane?: string } & Pick<Candidate, 'keptKey'> = {},
  ): void {
    const retry = { lane, rank, isRetry: true, pendingSinceMs: dueMs, seq, first, size: 1, ...kept };
    this.retries.push({ ...retry, client: null, batchNo: 0, failures: 1, units: 1 });
  }

  gate(lane = 'default'): MemoryGate {
    const gate = this.gates.get(lane) ?? new MemoryGate();
    this.gates.set(lane, gate);
    return gate;
  }

  override readHeads(requests: readonly HeadRequest[]): readonly QueueHead[] | Promise<readonly QueueHead[]> {
    this.reads.push(...requests);
    const heads = requests.map((request) => this.readHead(request));
    return this.sharing.isShared ? Promise.resolve(heads) : heads;
  }

  override readRepeated(
    lane: string,
    dispatchIds: readonly string[],
  ): readonly Candidate[] | Promise<readonly Candidate[]> {
    const repeated = this.retries
      .filter(
        ({ keptKey, ...retry }) => retry.lane === lane && dispatchIds.includes(keptKey?.dispatchId ?? ''),
      )
      .sort((a, b) => (a.keptKey?.place ?? 0) - (b.keptKey?.place ?? 0));
    return this.sharing.isShared ? Promise.resolve(repeated) : repeated;
  }

  override async commitClaims(claims: readonly LaneSelection[]): Promise<readonly (CommittedClaim | null)[]> {
    this.beforeCommit(claims);
    this.commits.push(claims);
    return claims.map((claim) => {
      const gate = this.gate(claim.lane);
      if (gate.epoch !== claim.epoch) {
        return null;
      }
      Object.assign(gate.served, claim.served);
      this.take(claim.lane, claim.slot);
      return {
        epoch: gate.epoch,
        firstDepartureNo: this.departures.appendAll(claim.lane, claim.departures),
        dispatches: claim.dispatches.map((parts) => this.begin(claim.lane, parts)),
      };
    });
  }

  /** Schedules a list of one id. */
  scheduleAt(dueMs: number, rank: PriorityRank, lane = 'default'): void {
    this.scheduled.push({ dueMs, rank, lane });
    this.scheduled.sort((a, b) => a.rank - b.rank || a.dueMs - b.dueMs);
  }

  /** Lets a list expire. */
  expireAt(expiresMs: number, seq: number): void {
    this.expiries.push({ expiresMs, seq });
  }

  override async admitDue(lane: string, limit: number): Promise<number | null> {
    const nowMs = this.clock.monotonicMs();
    const expired = this.expiriesOf(lane).filter(({ expiresMs }) => expiresMs <= nowMs);
    if (expired.length > 0) {
      this.cancelExpired(expired.slice(0, limit));
      return this.nextInMs(lane);
    }
    const due = this.scheduled.filter((each) => each.lane === lane && each.dueMs <= nowMs).slice(0, limit);
    this.admissions.push(due.length);
    for (const each of due) {
      this.scheduled.splice(this.scheduled.indexOf(each), 1);
      this.accept(each.rank, 1, { lane });
    }
    return this.nextInMs(lane);
  }

  private cancelExpired(expired: readonly Expiry[]): void {
    this.admissions.push(-expired.length);
    for (const { seq } of expired) {
      const list = this.lists.find((each) => each.seq === seq);
      if (list !== undefined) {
        list.taken = list.total;
      }
    }
  }

  private nextInMs(lane: string): number | null {
    const times = [this.scheduledInMs(lane), this.expiresInMs(lane)].filter((inMs) => inMs !== null);
    return times.length === 0 ? null : Math.min(...times);
  }

  private expiriesOf(lane: string): readonly Expiry[] {
    return this.expiries.filter(({ seq }) =>
      this.lists.some((list) => list.seq === seq && list.lane === lane && list.taken < list.total),
    );
  }

  private expiresInMs(lane: string): number | null {
    const times = this.expiriesOf(lane).map(({ expiresMs }) => expiresMs);
    return times.length === 0 ? null : Math.min(...times) - this.clock.monotonicMs();
  }

  private scheduledInMs(lane: string): number | null {
    const due = this.scheduled.filter((each) => each.lane === lane).map(({ dueMs }) => dueMs);
    return due.length === 0 ? null : Math.min(...due) - this.clock.monotonicMs();
  }

  override async nextDueInMs(lane: string, afterMs = -1): Promise<number | null> {
    const due = this.retries
      .filter((retry) => retry.lane === lane && retry.pendingSinceMs > afterMs)
      .map((retry) => retry.pendingSinceMs);
    return due.length === 0 ? null : Math.min(...due) - this.clock.monotonicMs();
  }

  override async readGate(lane: string): Promise<GateReading> {
    return this.readingOf(lane);
  }

  override async takeSlot(lane: string, epoch: number, slot: LaneSelection['slot']): Promise<number | null> {
    this.beforeCommit([]);
    const { isPaused, heldForMs } = this.readingOf(lane);
    const isOpen = !isPaused && heldForMs <= 0;
    return isOpen && this.gate(lane).epoch === epoch ? this.take(lane, slot) : null;
  }

  override publishLateSend(lane: string): boolean {
    this.gate(lane).lastSendMs = this.clock.monotonicMs();
    return true;
  }

  override abandon({ dispatchId }: ClaimedDispatch): void {
    this.abandoned.push(dispatchId);
  }

  override async holdLane(lane: string, forMs: number): Promise<void> {
    this.gate(lane).heldUntilMs = this.clock.monotonicMs() + forMs;
  }

  override async limitCalls(): Promise<void> {
    throw new Error('limits of an upstream are not kept in memory');
  }

  override async settle(): Promise<boolean[]> {
    throw new Error('outcomes are not kept in memory');
  }

  override async release(dispatches: readonly ClaimedDispatch[]): Promise<boolean[]> {
    if (this.isReleaseFailing) {
      throw new Error('the store is away');
    }
    this.released.push(...dispatches.map(({ dispatchId }) => dispatchId));
    return dispatches.map(() => true);
  }

  override async renewLeases(): Promise<never> {
    throw new Error('leases are not kept in memory');
  }

  override async reclaimExpired(): Promise<string[]> {
    return [];
  }

  /** Takes the slot; another process does it too. Returns the new epoch. */
  take(lane: string, { sendWithinMs, delayMs }: LaneSelection['slot']): number {
    const gate = this.gate(lane);
    gate.epoch = 1 + ((gate.epoch * 16_807) % 2_147_483_647); // epochs have no order
    gate.lastSendMs = this.clock.monotonicMs() + sendWithinMs;
    gate.slotDelayMs = delayMs;
    return gate.epoch;
  }

  private readingOf(lane: string): GateReading {
    const { epoch, lastSendMs, slotDelayMs, isPaused, heldUntilMs, settingsVersion } = this.gate(lane);
    const nowMs = this.clock.monotonicMs();
    return {
      epoch,
      lastSendInMs: lastSendMs - nowMs,
      slotDelayMs,
      isPaused,
      heldForMs: heldUntilMs - nowMs,
      settingsVersion,
      callsLeft: Number.POSITIVE_INFINITY,
    };
  }

  private readHead({ lane, maxIds, listsPerClient, rules }: HeadRequest): QueueHead {
    const ranks: readonly PriorityRank[] = [0, 1, 2];
    const nowMs = this.clock.monotonicMs();
    const due = ranks.map((rank) =>
      this.retries.filter(
        (retry) => retry.lane === lane && retry.rank === rank && retry.pendingSinceMs <= nowMs,
      ),
    );
    const fresh = ranks.map((rank) =>
      this.lists.filter((list) => list.lane === lane && list.rank === rank && list.taken < list.total),
    );
    let isTruncated = false;
    const upTo = function* (lists: readonly PendingList[]): Generator<Candidate, undefined> {
      yield* lists.slice(0, listsPerClient ?? 0).map(toCandidate);
      isTruncated ||= lists.length > (listsPerClient ?? 0);
      return undefined;
    };
    return {
      gate: this.readingOf(lane),
      rules: rules === null ? null : this.departures.answer(lane, rules),
      scheduledInMs: this.scheduledInMs(lane),
      expiresInMs: this.expiresInMs(lane),
      nowMs,
      streams: [
        ...due,
        ...(listsPerClient === null ? fresh.map((lists) => lists.slice(0, maxIds).map(toCandidate)) : []),
      ],
      clientStreams:
        listsPerClient === null
          ? []
          : fresh.map((lists, i) => this.inTurn(lists, this.gate(lane).served[ranks[i] ?? 0]).map(upTo)),
      isTruncated: () => isTruncated,
    };
  }

  /** Groups the lists by client, the client after `served` first. */
  private inTurn(lists: readonly PendingList[], served = ''): PendingList[][] {
    const byClient = Map.groupBy(lists, ({ client }) => client ?? '');
    const names = [...byClient.keys()].sort();
    const ring = [...names.filter((name) => name > served), ...names.filter((name) => name <= served)];
    return ring.map((name) => byClient.get(name) ?? []);
  }

  private begin(lane: string, parts: LaneSelection['dispatches'][number]): Dispatch {
    this.dispatchNo += 1;
    return {
      lane,
      dispatchNo: this.dispatchNo,
      dispatchId: String(this.dispatchNo),
      parts: parts.map(({ candidate, size }) => {
        const { seq, batchNo, first, failures, isRetry } = candidate;
        const list = this.lists.find((each) => each.seq === seq);
        if (isRetry) {
          const i = this.retries.findIndex((retry) => retry.seq === seq && retry.first === first);
          this.retries.splice(i, 1);
        } else if (list !== undefined) {
          list.taken += size;
          list.batches += 1;
        }
        return { ingestionId: String(seq), batchNo, first, size, failures, packedIds: packIds([1]) };
      }),
    };
  }
}

function toCandidate({
  rank,
  acceptedMs,
  seq,
  taken,
  total,
  client,
  batches,
  units,
}: PendingList): Candidate {
  const size = total - taken;
  return {
    rank,
    isRetry: false,
    pendingSinceMs: acceptedMs,
    seq,
    first: taken,
    size,
    client,
    batchNo: batches,
    failures: 0,
    units,
  };
}
