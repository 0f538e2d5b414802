import { randomUUID } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import type { AuditEntry } from '../../src/domain/audit.js';
import type { IngestionCursor, NewIngestion } from '../../src/domain/ingestion.js';
import {
  IngestionListService,
  type IngestionFilter,
} from '../../src/ingestion/listing/ingestion-list.service.js';
import type {
  BulkAction,
  BulkActionKind,
  NewBulkAction,
} from '../../src/operations/bulk-actions/bulk-action.repository.js';
import type { BulkStep } from '../../src/operations/bulk-actions/bulk-target.js';
import { PriorityQueue } from '../../src/scheduler/queue/priority-queue.js';
import { ingestionTargetOf } from '../support/ingestion-target.js';
import { idRange } from '../support/lists.js';
import { schedulerOptions } from '../support/options.js';
import { MINUTE, newIngestion, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

/** More than two steps of a bulk action, each of 20 lists. */
const LISTS = 50;
const HELD = { renew: async () => true, keep: async () => true };

describe.each(STORES)('$name: lists that fall due while they are read page by page', (underTest) => {
  const gate = useGate(underTest);

  /** Accepts lists at one moment, every second of which is due a minute later. */
  async function acceptLists(more: Partial<NewIngestion> = {}): Promise<string[]> {
    const group = idRange(1, LISTS).map((id, i): NewIngestion => {
      const later = i % 2 === 0 ? { notBefore: { inMs: MINUTE } } : {};
      return { ...newIngestion('LOW', [id]), ...later, ...more };
    });
    await gate.acceptAll(group);
    return group.map(({ ingestionId }) => ingestionId);
  }

  async function fallDue(): Promise<void> {
    await gate.store.advance(MINUTE + SECOND);
    expect(await gate.store.dispatches.admitDue('default', 2 * LISTS)).toBeNull();
  }

  it.each([
    ['all', {}],
    ['those of a client', { client: 'billing' }],
    ['those with a label', { labels: { shop: 'berlin' } }],
    ['those of a client with a label', { client: 'billing', labels: { shop: 'berlin' } }],
  ] as const)('are each shown once, in the same order: %s', async (_, filter: IngestionFilter) => {
    const ids = await acceptLists({ client: 'billing', labels: { shop: 'berlin' } });
    const listing = new IngestionListService(gate.store.ingestions, gate.store.runtime);
    const shown: string[] = [];
    let after: IngestionCursor | null = null;
    do {
      const { ingestions, next } = await listing.list(filter, after, 7);
      shown.push(...ingestions.map(({ ingestionId }) => ingestionId));
      if (after === null) {
        await fallDue();
      }
      after = next;
    } while (after !== null);

    expect(shown).toEqual([...ids].reverse());
  });

  /** Plans a bulk action on all lists of priority LOW. */
  async function plan(action: BulkActionKind): Promise<BulkAction> {
    const bound = await ingestionTargetOf(gate.store, gate.store.runtime).freeze();
    const ofAction: NewBulkAction = {
      bulkActionId: randomUUID(),
      action,
      filter: { priority: 'LOW' },
      priority: action === 'cancel' ? null : 'HIGH',
      bound,
      ingestions: LISTS,
      ids: LISTS,
      auditEntryId: randomUUID(),
    };
    await gate.store.bulkActions.create(ofAction, MINUTE, MINUTE);
    const planned = await gate.store.bulkActions.find(ofAction.bulkActionId);
    if (planned === null) {
      throw new Error('the plan was not stored');
    }
    return planned;
  }

  /** Runs all steps; calls `afterFirst` after the first. Resolves with the sums of the steps. */
  async function run(
    action: BulkAction,
    afterFirst: () => Promise<void>,
  ): Promise<{ ingestions: number; skipped: number; affected: number | null }> {
    const { runtime } = gate.store;
    const queue = new PriorityQueue(gate.store.dispatches, schedulerOptions(), runtime);
    const notifyArrival = jest.spyOn(queue, 'notifyArrival');
    const target = ingestionTargetOf(gate.store, runtime, queue);
    const actor = { client: 'ops', address: null, requestId: null };
    const audit: AuditEntry = { entryId: action.auditEntryId, action: 'cancel', actor };
    const steps: BulkStep[] = [];
    let place: BulkAction['place'] = null;
    do {
      const step = await target.step({ ...action, place }, audit, HELD);
      steps.push(step);
      place = step.place;
      if (steps.length === 1) {
        expect(step).toMatchObject({ skipped: 0, isLast: false });
        expect(step.ingestions).toBeLessThan(LISTS / 2);
        await afterFirst();
      }
    } while (steps.at(-1)?.isLast !== true);
    expect(notifyArrival).toHaveBeenCalledTimes(steps.length); // each looks at every lane
    const sum = (of: (step: BulkStep) => number): number => steps.reduce((all, step) => all + of(step), 0);
    const entries = await gate.store.audit.list({}, null, 10);
    return {
      ingestions: sum(({ ingestions }) => ingestions),
      skipped: sum(({ skipped }) => skipped),
      affected: entries.find(({ entryId }) => entryId === action.auditEntryId)?.affected ?? null,
    };
  }

  it.each(['cancel', 'reprioritize'] as const)(
    'are each changed once by a bulk action that can %s them',
    async (kind) => {
      const ids = await acceptLists();
      const done = await run(await plan(kind), fallDue);

      expect(done).toEqual({ ingestions: LISTS, skipped: 0, affected: LISTS });
      for (const { ingestion } of await Promise.all(ids.map((id) => gate.find(id)))) {
        expect(ingestion).toMatchObject(kind === 'cancel' ? { cancelled: 1 } : { priority: 'HIGH' });
      }
    },
  );

  it('are not changed by a bulk action if they were accepted after its plan', async () => {
    await acceptLists();
    const action = await plan('cancel');
    const later = { ...newIngestion('LOW', [1000]), notBefore: { inMs: MINUTE } };
    await gate.acceptAll([later]);
    const done = await run(action, fallDue);

    expect(done).toEqual({ ingestions: LISTS, skipped: 0, affected: LISTS });
    expect((await gate.find(later.ingestionId)).ingestion).toMatchObject({ cancelled: 0, priority: 'LOW' });
  });

  it('are changed once also if clients change their priority meanwhile', async () => {
    const ids = await acceptLists();
    const done = await run(await plan('reprioritize'), async () => {
      await gate.store.ingestions.reprioritizeStep(ids.at(-1) ?? '', 'LOW', 10); // was changed by the first step
      await gate.store.ingestions.reprioritizeStep(ids[0] ?? '', 'MEDIUM', 10); // would be changed by the last step
      await fallDue();
    });

    expect(done).toEqual({ ingestions: LISTS - 1, skipped: 0, affected: LISTS - 1 });
    const priorities = await Promise.all(
      [ids.at(-1), ids[0], ids[1]].map(async (id) => (await gate.find(id ?? '')).ingestion.priority),
    );
    expect(priorities).toEqual(['LOW', 'MEDIUM', 'HIGH']);
  });
});
