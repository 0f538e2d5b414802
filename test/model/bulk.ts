import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { AuditEntry } from '../../src/domain/audit.js';
import type { Priority } from '../../src/domain/priority.js';
import type {
  BulkAction,
  BulkActionKind,
  NewBulkAction,
} from '../../src/operations/bulk-actions/bulk-action.repository.js';
import {
  isOfDeadLetters,
  type BulkTarget,
  type StepLease,
} from '../../src/operations/bulk-actions/bulk-target.js';
import { DeadLetterTarget } from '../../src/operations/bulk-actions/dead-letter-target.js';
import { DeadLetterCounter } from '../../src/operations/dead-letters/dead-letter-counter.js';
import type { LaneRegistry } from '../../src/scheduler/lanes/lane-registry.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import type { OpenStore } from '../contract/stores.js';
import { ingestionTargetOf } from '../support/ingestion-target.js';
import { schedulerOptions } from '../support/options.js';
import { LANES, type Item, type List, type Reference } from './reference.js';
import type { BulkFilter } from './steps.js';

/** A bulk action of a run. Only `reprioritize` uses the priority. */
export interface BulkMove {
  readonly action: BulkActionKind;
  readonly filter: BulkFilter;
  readonly priority: Priority;
}

/**
 * Plans a bulk action and runs all its steps, and expects the numbers and changes of the reference. Resolves with the ids
 * that the reference has changed.
 */
export async function changeAll(
  store: OpenStore,
  reference: Reference,
  move: BulkMove,
): Promise<readonly Item[]> {
  const { action, filter } = move;
  const target = targetOf(store, action);
  const plan = {
    action,
    filter: {
      ...(filter.lane !== null && { lane: filter.lane }),
      ...(filter.shop !== null && { label: [`shop=${filter.shop}`] }),
    },
    priority: action === 'reprioritize' ? move.priority : null,
    bound: await target.freeze(),
  };
  const expected = isOfDeadLetters(action) ? changeLetters(reference, move) : changeLists(reference, move);
  expect(await target.count(plan)).toEqual(expected.count);
  const done = await runSteps(target, plan);
  expect(done).toEqual({ ingestions: expected.ingestions, skipped: expected.skipped });
  return expected.items;
}

interface Expected {
  readonly count: { readonly ingestions: number; readonly ids: number };
  readonly ingestions: number;
  readonly skipped: number;
  readonly items: readonly Item[];
}

function changeLetters(reference: Reference, { action, filter }: BulkMove): Expected {
  const letters = reference.deadLetters.filter(({ list }) => matches(list, filter));
  const changed = action === 'discard' ? letters : letters.filter(({ list }) => reference.mayRedrive(list));
  if (action === 'discard') {
    reference.discard(changed);
  } else {
    // The newest are returned first, and all of them at the same moment or in this order.
    reference.redrive(changed);
  }
  const count = { ingestions: new Set(letters.map(({ list }) => list)).size, ids: letters.length };
  return { count, ingestions: 0, skipped: letters.length - changed.length, items: changed };
}

function changeLists(reference: Reference, { action, filter, priority }: BulkMove): Expected {
  const lists = reference.lists.filter((list) => matches(list, filter));
  const changed = lists.filter(
    (list) =>
      list.finishedMs === null && !list.isCancelled && (action === 'cancel' || list.priority !== priority),
  );
  const items = changed.flatMap((list) => list.items);
  const ids = items.filter(({ state }) => ['new', 'waiting', 'in flight'].includes(state)).length;
  for (const list of changed) {
    if (action === 'cancel') {
      reference.cancel(list);
    } else {
      reference.reprioritise(list, priority);
    }
  }
  const ingestions = changed.length;
  return { count: { ingestions, ids }, ingestions, skipped: lists.length - ingestions, items };
}

async function runSteps(
  target: BulkTarget,
  plan: Pick<NewBulkAction, 'action' | 'filter' | 'priority' | 'bound'>,
): Promise<{ ingestions: number; skipped: number }> {
  const audit: AuditEntry = {
    entryId: randomUUID(),
    action: plan.action,
    actor: { client: null, address: null, requestId: null },
  };
  const done = { ingestions: 0, skipped: 0 };
  let place: BulkAction['place'] = null;
  let isLast: boolean;
  do {
    const step = await target.step({ ...UNUSED, ...plan, place }, audit, HELD);
    done.ingestions += step.ingestions;
    done.skipped += step.skipped;
    place = step.place;
    isLast = step.isLast;
  } while (!isLast);
  return done;
}

/** A lease that is never lost. */
const HELD: StepLease = { renew: async () => true, keep: async () => true };

/** The fields of an action that its steps do not read. */
const UNUSED: Omit<BulkAction, 'action' | 'filter' | 'priority' | 'bound' | 'place'> = {
  bulkActionId: randomUUID(),
  auditEntryId: randomUUID(),
  bulkActionNo: 1,
  ingestions: 0,
  ids: 0,
  state: 'running',
  ingestionsDone: 0,
  idsDone: 0,
  skipped: 0,
  createdAtMs: 0,
  expiresAtMs: 0,
  startedAtMs: 0,
  endedAtMs: null,
  actor: null,
  lastError: null,
};

function targetOf({ runtime, ...store }: OpenStore, action: BulkActionKind): BulkTarget {
  if (isOfDeadLetters(action)) {
    const queue = new PriorityQueue(store.dispatches, schedulerOptions(), runtime);
    const lanes = { acceptingNames: [...LANES] } as unknown as LaneRegistry;
    return new DeadLetterTarget(
      store.deadLetters,
      new DeadLetterCounter(store.deadLetters, runtime),
      queue,
      lanes,
      runtime,
    );
  }
  return ingestionTargetOf(store, runtime);
}

function matches({ lane, shop }: List, filter: BulkFilter): boolean {
  return (filter.lane ?? lane) === lane && (filter.shop ?? shop) === shop;
}
