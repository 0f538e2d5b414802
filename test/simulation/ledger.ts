import type { Priority } from '../../src/domain/priority.js';
import type { LaneOptions } from '../../src/scheduler/lanes/lane.options.js';
import type { ProcessRuntime } from './process-runtime.js';
import type { World } from './world.js';

/** A list as its client knows it. */
export interface KnownList {
  readonly name: string;
  readonly lane: string;
  readonly priority: Priority;
  readonly ids: readonly bigint[];
  /** Known once an acceptance was answered. */
  ingestionId: string | null;
  /** The completed ids that a status has told. */
  toldCompleted: number;
  isCancelTold: boolean;
  /** The redrives that go on. */
  redrives: number;
  /** True once the list was finished and old lists were removed. */
  mayBeGone: boolean;
}

/** A request that has left. */
export interface Departure {
  readonly sender: ProcessRuntime;
  readonly lane: string;
  readonly dispatchId: string;
  readonly ids: readonly bigint[];
  readonly atMs: number;
  /** When the process stopped waiting for its answer. */
  endedAtMs: number;
}

/** A dispatch that a process holds. */
export interface HeldDispatch {
  readonly holder: ProcessRuntime;
  readonly dispatchId: string;
  readonly lane: string;
  readonly ids: readonly bigint[];
  readonly claimedAtMs: number;
  /** True once one of its requests has left. */
  hasDeparted: boolean;
  leaseEndsMs: number;
  /** The time for which the world had stalled when the lease was renewed. */
  stalledForMs: number;
  /** The failures of the store until then. */
  storeFailures: number;
  /** The time for which its holder had been suspended then. */
  suspendedForMs: number;
  /** True once its end was asked of the store. */
  isEnding: boolean;
}

/** The end of an id that the store has told to the scheduler. */
export type ToldEnd = 'completed' | 'failed';

/** Times differ by rounding: store times are doubles, and some are whole microseconds. */
const ROUNDING_MS = 0.002;

/** Everything that happened outside the service: what clients were told, what has left, and what the upstream answered. */
export class Ledger {
  readonly lists: KnownList[] = [];
  readonly byId = new Map<bigint, KnownList>();
  readonly byIngestion = new Map<string, KnownList>();
  readonly held = new Map<string, HeldDispatch>();
  readonly ends = new Map<bigint, ToldEnd>();
  readonly lastDepartureMs = new Map<string, number>();
  readonly lastClaimMs = new Map<string, number>();
  readonly pausedLanes = new Set<string>();
  readonly heldUntilMs = new Map<string, number>();
  readonly counts = { lists: 0, departures: 0, completed: 0, claims: 0 };
  storeFailures = 0;
  /** Until then the ids of a suspended process may wait for the end of their lease. */
  heldUpUntilMs = 0;
  private readonly successes = new Set<string>();
  private departures: Departure[] = [];
  private nextId = 1n;

  constructor(
    private readonly world: World,
    private readonly lanes: readonly LaneOptions[],
  ) {}

  /** Makes a list with ids that no other list has. A third of them are beyond the doubles. */
  newList(lane: string, priority: Priority, size: number): KnownList {
    const ids = Array.from({ length: size }, () => {
      this.nextId += 1n;
      return this.nextId % 3n === 0n ? 10n ** 19n - this.nextId : this.nextId;
    });
    const list: KnownList = {
      name: `list ${String(this.lists.length)}`,
      lane,
      priority,
      ids,
      ingestionId: null,
      toldCompleted: 0,
      isCancelTold: false,
      redrives: 0,
      mayBeGone: false,
    };
    this.counts.lists += 1;
    this.lists.push(list);
    ids.forEach((id) => this.byId.set(id, list));
    return list;
  }

  recordAcceptance(list: KnownList, ingestionId: string): void {
    if (list.ingestionId !== null && list.ingestionId !== ingestionId) {
      this.world.fail('kept', `${list.name} was accepted as ${list.ingestionId} and as ${ingestionId}`);
    }
    list.ingestionId = ingestionId;
    this.byIngestion.set(ingestionId, list);
  }

  recordEnd(id: bigint, end: ToldEnd): void {
    const list = this.byId.get(id);
    this.counts.completed += end === 'completed' ? 1 : 0;
    if (end === 'completed' || list === undefined || list.redrives === 0) {
      this.ends.set(id, end);
    }
  }

  /** From now on, ids of the list that have failed may be sent again, also those that fail until {@link endRedrive}. */
  beginRedrive(list: KnownList): void {
    list.redrives += 1;
    this.forgetFailures(list);
  }

  endRedrive(list: KnownList): void {
    list.redrives -= 1;
    this.forgetFailures(list);
  }

  /** The dispatches of a process are free after its end. */
  forgetHeld(holder: ProcessRuntime): void {
    for (const held of this.held.values()) {
      if (held.holder === holder) {
        this.held.delete(held.dispatchId);
      }
    }
  }

  recordDeparture(
    sender: ProcessRuntime,
    lane: string,
    dispatchId: string,
    ids: readonly bigint[],
    { isPerId }: { readonly isPerId: boolean },
  ): Departure {
    const { nowMs } = this.world;
    const departure = { sender, lane, dispatchId, ids, atMs: nowMs, endedAtMs: Number.POSITIVE_INFINITY };
    this.counts.departures += 1;
    this.world.tell(`departs ${lane} ${dispatchId.slice(-6)} ${ids.join(',')}`);
    this.checkIds(departure);
    const options = this.lanes.find(({ name }) => name === lane);
    if (options !== undefined) {
      this.checkPace(options, departure, isPerId);
    }
    this.departures.push(departure);
    const held = this.held.get(dispatchId);
    if (held !== undefined) {
      held.hasDeparted = true;
    }
    this.lastDepartureMs.set(lane, nowMs);
    return departure;
  }

  recordSuccess(dispatchId: string, id: bigint): void {
    this.successes.add(`${dispatchId} ${String(id)}`);
  }

  hasSucceeded(dispatchId: string, id: bigint): boolean {
    return this.successes.has(`${dispatchId} ${String(id)}`);
  }

  /** Open calls of a process that has ended go on until their timeout. */
  endCalls(sender: ProcessRuntime, byMs: (lane: string) => number): void {
    for (const departure of this.departures) {
      if (departure.sender === sender) {
        departure.endedAtMs = Math.min(departure.endedAtMs, departure.atMs + byMs(departure.lane));
      }
    }
  }

  private forgetFailures({ ids }: KnownList): void {
    for (const id of ids) {
      if (this.ends.get(id) === 'failed') {
        this.ends.delete(id);
      }
    }
  }

  private checkIds({ dispatchId, ids }: Departure): void {
    for (const id of ids) {
      const end = this.ends.get(id);
      if (end !== undefined) {
        this.world.fail('ends once', `id ${String(id)} is sent again after it has ${end}`);
      }
      for (const other of this.held.values()) {
        const isHeld = !other.isEnding && other.leaseEndsMs > this.world.nowMs;
        if (isHeld && other.dispatchId !== dispatchId && other.ids.includes(id)) {
          this.world.fail('ends once', `id ${String(id)} is sent while ${other.dispatchId} holds it`);
        }
      }
    }
  }

  private checkPace(options: LaneOptions, departure: Departure, isPerId: boolean): void {
    const { lane, atMs } = departure;
    const gapMs = atMs - (this.lastDepartureMs.get(lane) ?? Number.NEGATIVE_INFINITY);
    if (gapMs < options.batchDelayMs - ROUNDING_MS) {
      this.world.fail(
        'never too fast',
        `${gapMs.toFixed(3)} ms of ${String(options.batchDelayMs)} in ${lane}`,
      );
    }
    if (options.rules === null) {
      return;
    }
    const { windows, inFlight } = options.rules;
    const ofLane = [...this.departures.filter((other) => other.lane === lane), departure];
    for (const { name, counts, max, perUs } of windows) {
      const within = ofLane.filter((other) => other.atMs > atMs - perUs / 1000 + ROUNDING_MS);
      const used = counts === 'calls' ? within.length : within.reduce((sum, { ids }) => sum + ids.length, 0);
      if (used > max) {
        this.world.fail('never too fast', `${String(used)} instead of ${name} in ${lane}`);
      }
    }
    const open = ofLane.filter(({ endedAtMs }) => endedAtMs > atMs);
    const calls = isPerId ? open.length : new Set(open.map(({ dispatchId }) => dispatchId)).size;
    if (inFlight !== null && calls > inFlight.max) {
      this.world.fail(
        'never too fast',
        `${String(calls)} calls without an answer in ${lane}, not ${inFlight.name}`,
      );
    }
    const longestMs = Math.max(60_000, ...windows.map(({ perUs }) => perUs / 1000));
    if (this.departures.length > 500) {
      this.departures = this.departures.filter(
        (other) => other.atMs > atMs - longestMs || other.endedAtMs > atMs,
      );
    }
  }
}
