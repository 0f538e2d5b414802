import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { AuditEntry } from '../../src/domain/audit.js';
import type { Priority } from '../../src/domain/priority.js';
import { IngestionActionsService } from '../../src/ingestion/actions/ingestion-actions.service.js';
import type { IngestionRepository } from '../../src/ingestion/ingestion.repository.js';
import { IngestionListService } from '../../src/ingestion/listing/ingestion-list.service.js';
import { BulkActionRunner } from '../../src/operations/bulk-actions/bulk-action-runner.js';
import type {
  BulkActionClaim,
  BulkActionKind,
} from '../../src/operations/bulk-actions/bulk-action.repository.js';
import { BulkTargets } from '../../src/operations/bulk-actions/bulk-targets.js';
import { DeadLetterTarget } from '../../src/operations/bulk-actions/dead-letter-target.js';
import { IngestionTarget } from '../../src/operations/bulk-actions/ingestion-target.js';
import { DeadLetterCounter } from '../../src/operations/dead-letters/dead-letter-counter.js';
import { ShutdownState } from '../../src/platform/lifecycle/shutdown-state.js';
import { AuditTrail } from '../../src/platform/telemetry/audit-trail.js';
import { DispatchEvents } from '../../src/scheduler/dispatch/dispatch-events.js';
import type { LaneRegistry } from '../../src/scheduler/lanes/lane-registry.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import { schedulerOptions } from '../support/options.js';
import { idRange } from '../support/lists.js';
import { waitFor } from '../support/wait-for.js';
import { HOUR, retryIn, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

/** More than two steps of retries. */
const RETRIES = 2500;
const OTHER: BulkActionClaim = { owner: randomUUID(), leaseMs: 15 * SECOND };

describe.each(STORES)('$name: a bulk action on a list that takes several steps', (underTest) => {
  const gate = useGate(underTest);
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Accepts a list whose ids all wait for a retry. */
  async function acceptRetries(): Promise<string> {
    const id = await gate.accept('LOW', idRange(1, RETRIES));
    await gate.settle(await gate.dispatch({ batchSize: RETRIES }), retryIn(HOUR));
    return id;
  }

  async function plan(action: BulkActionKind, priority: Priority | null = null): Promise<string> {
    const bulkActionId = randomUUID();
    const { bulkActions, ingestions } = gate.store;
    const listing = new IngestionListService(ingestions, gate.store.runtime);
    const [newest] = (await listing.list({}, null, 1)).ingestions;
    const bound = { upTo: newest?.seq ?? 0, newestMs: newest?.createdAtMs ?? 0 };
    const filter = { priority: 'LOW' };
    const numbers = { ingestions: 1, ids: RETRIES, auditEntryId: randomUUID() };
    await bulkActions.create({ bulkActionId, action, filter, priority, bound, ...numbers }, HOUR, HOUR);
    await bulkActions.start(bulkActionId, entry('start_bulk_action'));
    return bulkActionId;
  }

  /** Runs the bulk actions of a process, which calls `beforeStep` before each step of a list. */
  function runProcess(beforeStep: () => Promise<void>): void {
    const { store } = gate;
    const { runtime, deadLetters } = store;
    const queue = new PriorityQueue(store.dispatches, schedulerOptions(), runtime);
    const steps: Pick<IngestionRepository, 'cancelStep' | 'reprioritizeStep'> = {
      cancelStep: async (...args) => {
        await beforeStep();
        return store.ingestions.cancelStep(...args);
      },
      reprioritizeStep: async (...args) => {
        await beforeStep();
        return store.ingestions.reprioritizeStep(...args);
      },
    };
    const actions = new IngestionActionsService(
      steps as IngestionRepository,
      new DispatchEvents(),
      queue,
      runtime,
      new AuditTrail(runtime),
    );
    const lanes = { acceptingNames: [] } as unknown as LaneRegistry;
    const targets = new BulkTargets(
      new IngestionTarget(
        new IngestionListService(store.ingestions, runtime),
        store.ingestions,
        actions,
        runtime,
      ),
      new DeadLetterTarget(deadLetters, new DeadLetterCounter(deadLetters, runtime), queue, lanes, runtime),
    );
    jest.spyOn(runtime, 'sleep').mockResolvedValue(undefined); // pauses are as long as the steps, in which time is advanced
    new BulkActionRunner(store.bulkActions, targets, new ShutdownState(), runtime).wake();
  }

  async function untilEnded(id: string): Promise<void> {
    await waitFor(
      'the action to end',
      () => gate.store.bulkActions.find(id),
      (action) => action?.state !== 'running',
    );
  }

  it('keeps its lease, however long it takes', async () => {
    await acceptRetries();
    const id = await plan('cancel');
    const taken: unknown[] = [];
    runProcess(async () => {
      await gate.store.advance(10 * SECOND);
      taken.push(await gate.store.bulkActions.claim(OTHER, []));
    });
    await untilEnded(id);

    expect(taken).toEqual([null, null, null]);
    expect(await gate.store.bulkActions.find(id)).toMatchObject({
      state: 'completed',
      ingestionsDone: 1,
      idsDone: RETRIES,
      skipped: 0,
    });
  });

  it('ends soon when it is stopped, and finishes the list when it is started again', async () => {
    const list = await acceptRetries();
    const id = await plan('cancel');
    let steps = 0;
    const { promise: stopped, resolve: stop } = Promise.withResolvers<undefined>();
    runProcess(async () => {
      steps += 1;
      await gate.store.advance(10 * SECOND);
      if (steps === 1) {
        await gate.store.bulkActions.stop(id, entry('stop_bulk_action'));
        stop(undefined);
      }
    });
    await stopped;
    await waitFor(
      'the step to end',
      () => gate.store.bulkActions.find(id),
      (action) => action?.place?.unfinished === list && action.idsDone > 0,
    );
    expect((await gate.find(list)).ingestion.cancelled).toBe(1000);
    expect(steps).toBe(1);

    await gate.store.bulkActions.start(id, entry('start_bulk_action'));
    runProcess(async () => undefined);
    await untilEnded(id);
    expect((await gate.find(list)).ingestion.cancelled).toBe(RETRIES);
    expect(await gate.store.bulkActions.find(id)).toMatchObject({
      ingestionsDone: 1,
      idsDone: RETRIES,
      skipped: 0,
    });
  });

  it.each([
    ['cancel', null],
    ['reprioritize', 'HIGH'],
  ] as const)(
    'finishes to %s it after a kill, although it does not match any more',
    async (action, priority) => {
      const list = await acceptRetries();
      const id = await plan(action, priority);
      const { promise: killed, resolve: kill } = Promise.withResolvers<undefined>();
      let steps = 0;
      runProcess(() => {
        steps += 1;
        return steps === 1
          ? Promise.resolve()
          : new Promise(() => {
              kill(undefined);
            }); // hangs as a killed process does
      });
      await killed;
      await gate.restart();
      await gate.store.advance(20 * SECOND);
      runProcess(async () => undefined);
      await untilEnded(id);

      expect(await gate.store.bulkActions.find(id)).toMatchObject({ state: 'completed', idsDone: RETRIES });
      await gate.store.advance(HOUR);
      await gate.accept('MEDIUM', [9999]);
      const { ingestion } = await gate.find(list);
      expect(ingestion).toMatchObject(action === 'cancel' ? { cancelled: RETRIES } : { priority: 'HIGH' });
      const sent = (await gate.drain({ batchSize: 100 })).flat();
      expect(sent.indexOf(9999n)).toBe(action === 'cancel' ? 0 : RETRIES);
    },
  );
});

function entry(action: AuditEntry['action']): AuditEntry {
  return { entryId: randomUUID(), action, actor: { client: 'ops', address: null, requestId: null } };
}
