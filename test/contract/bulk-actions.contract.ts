import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../src/domain/audit.js';
import type { NewBulkAction } from '../../src/operations/bulk-actions/bulk-action.repository.js';
import { failed, HOUR, MINUTE, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

const ACTOR = { client: 'ops', address: '192.0.2.7', requestId: 'a.1' };
const ONE = { owner: randomUUID(), leaseMs: 15 * SECOND };
const OTHER = { owner: randomUUID(), leaseMs: 15 * SECOND };
const NO_PROGRESS = { place: null, ingestions: 0, skipped: 0 };

function entry(action: AuditEntry['action'], fields: Partial<AuditEntry> = {}): AuditEntry {
  return { entryId: randomUUID(), action, actor: ACTOR, ...fields };
}

function plan(fields: Partial<NewBulkAction> = {}): NewBulkAction {
  return {
    bulkActionId: randomUUID(),
    action: 'discard',
    filter: { lane: 'default', label: ['shop=berlin'] },
    priority: null,
    bound: { upTo: 7, newestMs: 0 },
    ingestions: 2,
    ids: 5,
    auditEntryId: randomUUID(),
    ...fields,
  };
}

describe.each(STORES)('$name: bulk actions', (underTest) => {
  const gate = useGate(underTest);

  async function create(fields: Partial<NewBulkAction> = {}): Promise<string> {
    const action = plan(fields);
    await gate.store.bulkActions.create(action, HOUR, 24 * HOUR);
    return action.bulkActionId;
  }

  async function start(fields: Partial<NewBulkAction> = {}): Promise<string> {
    const id = await create(fields);
    await gate.store.bulkActions.start(id, entry('start_bulk_action'));
    return id;
  }

  it('keeps a plan as it was given, and lists the newest first, page by page', async () => {
    const one = plan({ action: 'reprioritize', priority: 'HIGH' });
    await gate.store.bulkActions.create(one, HOUR, HOUR);
    const two = await create();

    expect(await gate.store.bulkActions.find(one.bulkActionId)).toMatchObject({
      ...one,
      state: 'planned',
      ingestionsDone: 0,
      idsDone: 0,
      place: null,
      startedAtMs: null,
      actor: null,
    });
    const [newest] = await gate.store.bulkActions.list(null, 1);
    expect(newest?.bulkActionId).toBe(two);
    expect(await gate.store.bulkActions.list(newest?.bulkActionNo ?? 0, 10)).toMatchObject([
      { bulkActionId: one.bulkActionId },
    ]);
    expect(await gate.store.bulkActions.find(randomUUID())).toBeNull();
    expect(await gate.store.bulkActions.find('nonsense')).toBeNull();
  });

  it('starts a plan once, with an entry in the audit log', async () => {
    const id = await create();

    expect(await gate.store.bulkActions.start(id, entry('start_bulk_action', { target: id }))).toBe(true);
    expect(await gate.store.bulkActions.start(id, entry('start_bulk_action', { target: id }))).toBe(false);
    expect(await gate.store.bulkActions.start('nonsense', entry('start_bulk_action'))).toBe(false);

    expect(await gate.store.bulkActions.find(id)).toMatchObject({ state: 'running', actor: ACTOR });
    expect(await gate.store.audit.list({ target: id }, null, 10)).toMatchObject([
      { action: 'start_bulk_action', actor: ACTOR },
    ]);
  });

  it('shows a plan as expired after its time, and does not start it', async () => {
    const id = await create();
    await gate.store.advance(HOUR + MINUTE);

    expect(await gate.store.bulkActions.start(id, entry('start_bulk_action'))).toBe(false);
    expect(await gate.store.bulkActions.find(id)).toMatchObject({ state: 'expired' });
    expect(await gate.store.audit.list({}, null, 10)).toEqual([]);
  });

  it('gives a running action to one process, and to another when the lease has expired', async () => {
    const id = await start();
    await create();

    expect(await gate.store.bulkActions.claim(ONE, [])).toMatchObject({ bulkActionId: id });
    expect(await gate.store.bulkActions.claim(OTHER, [])).toBeNull();
    expect(await gate.store.bulkActions.claim(ONE, [id])).toBeNull();
    await gate.store.advance(20 * SECOND);
    expect(await gate.store.bulkActions.claim(OTHER, [])).toMatchObject({ bulkActionId: id });
    expect(await gate.store.bulkActions.advance(id, ONE, NO_PROGRESS)).toBeNull();
    expect(await gate.store.bulkActions.advance(id, OTHER, NO_PROGRESS)).toBe('running');
  });

  it('gives two running actions to two processes', async () => {
    const [one, two] = [await start(), await start()];

    expect(await gate.store.bulkActions.claim(ONE, [])).toMatchObject({ bulkActionId: one });
    expect(await gate.store.bulkActions.claim(OTHER, [])).toMatchObject({ bulkActionId: two });
  });

  it('gives an action that a process releases to another one at once', async () => {
    const id = await start();
    await gate.store.bulkActions.claim(ONE, []);
    await gate.store.bulkActions.release(ONE.owner);
    await gate.store.bulkActions.release(OTHER.owner);

    expect(await gate.store.bulkActions.claim(OTHER, [])).toMatchObject({ bulkActionId: id });
  });

  it('gives a running action to the next process at once where no other process shares the store', async () => {
    const id = await start();
    await gate.store.bulkActions.claim(ONE, []);
    await gate.restart();

    const { isShared } = gate.store.dispatches.sharing;
    const claimed = await gate.store.bulkActions.claim(OTHER, []);
    expect(claimed?.bulkActionId).toBe(isShared ? undefined : id);
  });

  it('keeps the progress over a kill, and counts the ids of a step that was repeated once', async () => {
    await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), failed());
    const action = plan();
    await gate.store.bulkActions.create(action, HOUR, HOUR);
    await gate.store.bulkActions.start(action.bulkActionId, entry('start_bulk_action'));
    await gate.store.bulkActions.claim(ONE, []);
    const act = entry('discard', { entryId: action.auditEntryId });
    const { found } = await gate.store.deadLetters.scan({}, null, 2);
    const numbers = found.map(({ deadLetterNo }) => deadLetterNo);
    await gate.store.deadLetters.discardNumbers(numbers, act);
    await gate.restart();

    await gate.store.advance(20 * SECOND);
    expect(await gate.store.bulkActions.claim(OTHER, [])).toMatchObject({ place: null, idsDone: 0 });
    await gate.store.deadLetters.discardNumbers(numbers, act);
    const place = { atMs: 5, no: 3 };
    await gate.store.bulkActions.advance(action.bulkActionId, OTHER, { place, ingestions: 0, skipped: 2 });

    expect(await gate.store.bulkActions.find(action.bulkActionId)).toMatchObject({
      state: 'running',
      place,
      idsDone: 2,
      skipped: 2,
    });
  });

  it('stops a running action, counts its last step, and goes on after another start', async () => {
    const id = await start();
    await gate.store.bulkActions.claim(ONE, []);

    expect(await gate.store.bulkActions.stop(id, entry('stop_bulk_action', { target: id }))).toBe(true);
    expect(await gate.store.bulkActions.stop(id, entry('stop_bulk_action', { target: id }))).toBe(false);
    expect(await gate.store.bulkActions.advance(id, ONE, { ...NO_PROGRESS, ingestions: 3 })).toBe('stopped');
    expect(await gate.store.bulkActions.claim(OTHER, [])).toBeNull();
    expect(await gate.store.bulkActions.find(id)).toMatchObject({ state: 'stopped', ingestionsDone: 3 });

    expect(await gate.store.bulkActions.start(id, entry('start_bulk_action'))).toBe(true);
    expect(await gate.store.bulkActions.claim(OTHER, [])).toMatchObject({
      bulkActionId: id,
      endedAtMs: null,
    });
  });

  it('ends an action that the process still holds, with an entry', async () => {
    const id = await start();
    await gate.store.bulkActions.claim(ONE, []);
    const end = { state: 'completed', error: null } as const;
    await gate.store.bulkActions.end(id, OTHER.owner, end, entry('end_bulk_action', { target: id }));
    expect(await gate.store.bulkActions.find(id)).toMatchObject({ state: 'running' });
    await gate.store.bulkActions.end(id, ONE.owner, end, entry('end_bulk_action', { target: id }));
    await gate.store.bulkActions.end(id, ONE.owner, end, entry('end_bulk_action', { target: id }));

    expect(await gate.store.bulkActions.find(id)).toMatchObject({
      state: 'completed',
      endedAtMs: expect.any(Number),
    });
    expect(await gate.store.audit.list({ action: 'end_bulk_action' }, null, 10)).toHaveLength(1);
    expect(await gate.store.bulkActions.start(id, entry('start_bulk_action'))).toBe(false);
  });

  it('forgets what ended long ago, and keeps what runs', async () => {
    const running = await start();
    await create();
    await gate.store.advance(48 * HOUR);
    const fresh = await create();

    const ids = (await gate.store.bulkActions.list(null, 10)).map(({ bulkActionId }) => bulkActionId);
    expect(ids).toEqual([fresh, running]);
  });

  it('leaves the lane and the value before of an act empty where its steps differ', async () => {
    const [one, two] = [await gate.accept('HIGH', [1]), await gate.accept('MEDIUM', [2])];
    const act = entry('reprioritize', { to: 'LOW' });
    await gate.store.ingestions.reprioritizeStep(one, 'LOW', 10, act);
    await gate.store.ingestions.reprioritizeStep(two, 'LOW', 10, act);

    expect(await gate.store.audit.list({}, null, 10)).toMatchObject([
      { affected: 2, lane: 'default', from: null, to: 'LOW' },
    ]);
  });
});
