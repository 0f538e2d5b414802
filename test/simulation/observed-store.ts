import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import type { Dispatch } from '../../src/domain/dispatch.js';
import type { QueueRepository } from '../../src/scheduler/queue/queue.repository.js';
import type { SchedulerOptions } from '../../src/scheduler/scheduler.options.js';
import type { StoragePorts } from '../../src/storage/ports.js';
import { ClaimCheck } from './claim-check.js';
import type { Ledger } from './ledger.js';
import type { ProcessRuntime } from './process-runtime.js';
import type { StoreRows } from './store-rows.js';
import type { World } from './world.js';

interface ObserverParts {
  readonly world: World;
  readonly ledger: Ledger;
  readonly runtime: ProcessRuntime;
  readonly scheduler: SchedulerOptions;
  /** Null where the order of a claim cannot be checked. */
  readonly rows: (() => StoreRows) | null;
  readonly portDelay: number;
}

type Method = (...args: unknown[]) => unknown;

/** Methods that answer at once. */
const AT_ONCE = new Set(['abandon', 'publishLateSend']);
/** Methods of the embedded store that answer at once, and those that a claim needs in the tick in which it has read the head. */
const AT_ONCE_EMBEDDED = new Set([...AT_ONCE, 'readHeads', 'commitClaims', 'findById', 'positionOf']);
const MAX_DELAY_MS = 400;
/** A process that stalls for less than this renews each lease in time. */
const MAX_LEASE_STALL_MS = 500;
const ROUNDING_MS = 0.002;

/** Observes what the scheduler asks of the store, and delays some of it. */
export class StoreObserver {
  /** Store time less the monotonic time of this process; null until the first claim. */
  storeOffsetMs: number | null = null;
  private readAtMs = 0;

  constructor(private readonly parts: ObserverParts) {}

  observe(store: StoragePorts): StoragePorts {
    const { dispatches } = store;
    return {
      ...store,
      ingestions: this.delayed('ingestions', store.ingestions),
      staging: this.delayed('staging', store.staging),
      deadLetters: this.delayed('deadLetters', store.deadLetters),
      queue: this.delayed('queue', store.queue),
      maintenance: store.maintenance,
      dispatches: this.delayed('dispatches', this.observedQueue(dispatches)),
    };
  }

  private delayed<T extends object>(port: string, target: T): T {
    const { world, runtime, portDelay, rows } = this.parts;
    const atOnce = rows === null ? AT_ONCE : AT_ONCE_EMBEDDED;
    return new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function' || typeof name !== 'string') {
          return member;
        }
        const method = member as Method;
        return (...args: unknown[]): unknown => {
          const isLate =
            portDelay > 0 && !atOnce.has(name) && world.dice.happens(`delay of ${port}.${name}`, portDelay);
          return isLate
            ? runtime
                .sleep(world.dice.between('delay', 0, MAX_DELAY_MS))
                .then(() => method.apply(target, args))
            : method.apply(target, args);
        };
      },
    });
  }

  private observedQueue(queue: QueueRepository): QueueRepository {
    const { world, ledger } = this.parts;
    const isMine = (): boolean => this.parts.runtime.isAlive;
    const own: Partial<QueueRepository> = {
      readHeads: (requests) => {
        const heads = queue.readHeads(requests);
        if (!(heads instanceof Promise) && heads[0] !== undefined) {
          this.readAtMs = heads[0].nowMs;
          this.storeOffsetMs = heads[0].nowMs - this.parts.runtime.monotonicMs();
        }
        return heads;
      },
      commitClaims: async (claims) => {
        const startMs = world.nowMs;
        const { stalledForMs } = world; // the lease counts from here, so a stall before the answer is part of it
        const checks = claims.map(({ lane }) => new ClaimCheck(lane, this.readAtMs, this.parts));
        const committed = await queue.commitClaims(claims);
        if (isMine()) {
          checks.forEach((check, i) => {
            const { dispatches = [] } = committed[i] ?? {};
            if (dispatches.length > 0) {
              check.compare(dispatches, claims[i]?.batchSize ?? 0);
              dispatches.forEach((dispatch) => {
                this.hold(dispatch, startMs + (claims[i]?.leaseMs ?? 0), stalledForMs);
              });
            }
          });
        }
        return committed;
      },
      settle: async (settlements, onWritten) => {
        for (const { dispatch, outcomes } of settlements) {
          const held = ledger.held.get(dispatch.dispatchId);
          outcomes.forEach(({ kind }, i) => {
            const id = held?.ids[i];
            if (kind === 'completed' && id !== undefined && !ledger.hasSucceeded(dispatch.dispatchId, id)) {
              world.fail(
                'ends once',
                `id ${String(id)} is recorded as completed, and the upstream did not say so`,
              );
            }
          });
          this.end(dispatch.dispatchId);
        }
        const recorded = await queue.settle(settlements, onWritten);
        if (isMine()) {
          settlements.forEach(({ dispatch, outcomes }, i) => {
            const held = ledger.held.get(dispatch.dispatchId);
            if (recorded[i] === true && held !== undefined) {
              this.recordEnds(held.ids, outcomes);
            }
            ledger.held.delete(dispatch.dispatchId);
          });
        }
        return recorded;
      },
      release: async (dispatches) => {
        dispatches.forEach(({ dispatchId }) => {
          this.end(dispatchId);
        });
        const released = await queue.release(dispatches);
        dispatches.forEach(({ dispatchId }) => ledger.held.delete(dispatchId));
        return released;
      },
      abandon: (dispatch) => {
        this.end(dispatch.dispatchId);
        ledger.held.delete(dispatch.dispatchId);
        queue.abandon(dispatch);
      },
      renewLeases: async (dispatches, leaseMs) => {
        const renewed = await queue.renewLeases(dispatches, leaseMs);
        for (const { dispatchId } of renewed) {
          const held = ledger.held.get(dispatchId);
          if (held !== undefined) {
            held.leaseEndsMs = world.nowMs + leaseMs;
            held.stalledForMs = world.stalledForMs;
            held.storeFailures = ledger.storeFailures;
            held.suspendedForMs = held.holder.suspendedForMs;
          }
        }
        return renewed;
      },
      reclaimExpired: async () => {
        const reclaimed = await queue.reclaimExpired();
        if (isMine()) {
          reclaimed.forEach((dispatchId) => {
            this.checkReclaimed(dispatchId);
          });
        }
        return reclaimed;
      },
      holdLane: async (lane, forMs) => {
        await queue.holdLane(lane, forMs);
        if (isMine()) {
          ledger.heldUntilMs.set(lane, Math.max(ledger.heldUntilMs.get(lane) ?? 0, world.nowMs + forMs));
        }
      },
    };
    return new Proxy(queue, {
      get: (_, name) => {
        const member: unknown = Reflect.get(own, name) ?? Reflect.get(queue, name, queue);
        return typeof member === 'function' ? (member as Method).bind(queue) : member;
      },
    });
  }

  private hold(dispatch: Dispatch, leaseEndsMs: number, stalledForMs: number): void {
    const { world, ledger } = this.parts;
    ledger.held.set(dispatch.dispatchId, {
      holder: this.parts.runtime,
      dispatchId: dispatch.dispatchId,
      lane: dispatch.lane,
      ids: dispatch.parts.flatMap(({ packedIds }) => unpackBigIntIds(packedIds)),
      claimedAtMs: world.nowMs,
      hasDeparted: false,
      leaseEndsMs,
      stalledForMs,
      storeFailures: ledger.storeFailures,
      suspendedForMs: this.parts.runtime.suspendedForMs,
      isEnding: false,
    });
  }

  private end(dispatchId: string): void {
    const held = this.parts.ledger.held.get(dispatchId);
    if (held !== undefined) {
      held.isEnding = true;
    }
  }

  private recordEnds(ids: readonly bigint[], outcomes: readonly { readonly kind: string }[]): void {
    const { ledger } = this.parts;
    outcomes.forEach(({ kind }, i) => {
      const id = ids[i];
      if (id !== undefined && (kind === 'completed' || kind === 'failed')) {
        ledger.recordEnd(id, kind);
      }
    });
  }

  /** A process that lives and is not held up renews its leases. */
  private checkReclaimed(dispatchId: string): void {
    const { world, ledger } = this.parts;
    const held = ledger.held.get(dispatchId);
    world.tell(`reclaims ${dispatchId.slice(-6)}`);
    if (held === undefined || held.isEnding) {
      return;
    }
    if (held.leaseEndsMs > world.nowMs + ROUNDING_MS) {
      world.fail('ends once', `dispatch ${dispatchId} is reclaimed while its lease goes on`);
    }
    const isHeldUp =
      world.stalledForMs - held.stalledForMs > MAX_LEASE_STALL_MS ||
      ledger.storeFailures !== held.storeFailures ||
      held.holder.suspendedForMs > held.suspendedForMs;
    if (!isHeldUp) {
      world.fail(
        'ends once',
        `dispatch ${dispatchId} is reclaimed from a process that could renew its lease`,
      );
    }
    ledger.held.delete(dispatchId);
  }
}
