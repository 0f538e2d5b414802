import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { AuditAction, AuditEntry, AuditRecord } from '../../src/domain/audit.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import { failed, HOUR, MINUTE, newIngestion, retryIn, useGate, type Gate } from './gate.js';
import { STORES } from './stores.js';

const MANY = 1000;
const ACTOR = { client: 'operator', address: '192.0.2.7', requestId: 'a.1' };

function entry(action: AuditAction, fields: Partial<AuditEntry> = {}): AuditEntry {
  return { entryId: randomUUID(), action, actor: ACTOR, ...fields };
}

/** All entries, the newest first. */
function entries(gate: Gate): Promise<AuditRecord[]> {
  return gate.store.audit.list({}, null, 100);
}

describe.each(STORES)('$name stores an audit entry with its act:', (underTest) => {
  const gate = useGate(underTest);

  it('of a pause and of a resume, and not if nothing changes', async () => {
    const [pause, resume] = [entry('pause_lane'), entry('resume_lane')];
    await gate.store.queue.resume(DEFAULT_LANE, entry('resume_lane'));
    await gate.store.queue.pause(DEFAULT_LANE, pause);
    await gate.store.queue.pause(DEFAULT_LANE, entry('pause_lane'));
    await gate.store.queue.resume(DEFAULT_LANE, resume);

    expect(await entries(gate)).toMatchObject([
      { entryId: resume.entryId, action: 'resume_lane', lane: DEFAULT_LANE, actor: ACTOR, affected: null },
      { entryId: pause.entryId, action: 'pause_lane', lane: DEFAULT_LANE, from: null, to: null },
    ]);
  });

  it('of a cancellation in several steps, once, with all ids that it dropped', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4, 5]);
    await gate.settle(await gate.dispatch(), retryIn(HOUR));
    const audit = entry('cancel', { target: id });
    while ((await gate.store.ingestions.cancelStep(id, 2, audit)) === 'more') {
      // The loop ends with the last step.
    }
    await gate.store.ingestions.cancelStep(id, 2, entry('cancel', { target: id }));
    await gate.store.ingestions.cancelStep(randomUUID(), 2, entry('cancel'));

    expect(await entries(gate)).toMatchObject([
      { entryId: audit.entryId, lane: DEFAULT_LANE, target: id, affected: 5, actor: ACTOR },
    ]);
  });

  it('of a move to another priority, with the one before', async () => {
    const id = await gate.accept('HIGH', [1, 2, 3, 4, 5]);
    await gate.settle(await gate.dispatch(), retryIn(HOUR));
    const audit = entry('reprioritize', { target: id });
    while ((await gate.store.ingestions.reprioritizeStep(id, 'LOW', 2, audit)) === 'more') {
      // The loop ends with the last step.
    }
    await gate.store.ingestions.reprioritizeStep(id, 'LOW', MANY, entry('reprioritize'));

    expect(await entries(gate)).toMatchObject([
      { entryId: audit.entryId, lane: DEFAULT_LANE, target: id, affected: 5, from: 'HIGH', to: 'LOW' },
    ]);
  });

  it('of a redrive in several steps, with its filter', async () => {
    await gate.accept('HIGH', [1, 2, 3]);
    await gate.settle(await gate.dispatch(), failed());
    const audit = entry('redrive', { filter: { kind: 'rejected' } });
    const upTo = await gate.store.deadLetters.latestNumber();
    for (let step = 0; step < 3; step++) {
      await gate.store.deadLetters.redrive({ kind: 'rejected' }, upTo, 2, audit);
    }

    expect(await entries(gate)).toMatchObject([
      { entryId: audit.entryId, affected: 3, lane: null, target: null, filter: { kind: 'rejected' } },
    ]);
  });

  it('of a deletion', async () => {
    const id = await gate.accept('HIGH', [1, 2]);
    await gate.store.maintenance.deleteIngestionStep(id, entry('delete', { target: id }));
    await gate.drain();
    await gate.store.maintenance.deleteIngestionStep(id, entry('delete', { target: id }));
    await gate.store.maintenance.deleteIngestionStep(id, entry('delete', { target: id }));

    expect(await entries(gate)).toMatchObject([
      { action: 'delete', target: id, lane: DEFAULT_LANE, affected: 2 },
    ]);
  });

  it('of a webhook that is sent again', async () => {
    await gate.acceptAll([{ ...newIngestion('HIGH', [1]), callbackUrl: 'https://example.com/hook' }]);
    await gate.drain();
    const [delivery] = await gate.store.deliveries.list({}, null, 1);
    const target = delivery?.deliveryId ?? '';
    await gate.store.deliveries.resend(target, randomUUID(), entry('resend_webhook', { target }));
    await gate.store.deliveries.resend(target, undefined, entry('resend_webhook', { target }));

    expect(await entries(gate)).toMatchObject([{ action: 'resend_webhook', target }]);
  });

  it('and keeps it when the process is killed', async () => {
    await gate.store.queue.pause(DEFAULT_LANE, entry('pause_lane'));
    await gate.restart();

    expect(await entries(gate)).toMatchObject([{ action: 'pause_lane', actor: ACTOR }]);
  });

  it('and changes nothing where it cannot be stored', async () => {
    const id = await gate.accept('HIGH', [1]);
    const bad = entry('cancel', { entryId: 'no UUID' });
    await expect(gate.store.ingestions.cancelStep(id, MANY, bad)).rejects.toThrow();
    await expect(gate.store.queue.pause(DEFAULT_LANE, bad)).rejects.toThrow();

    expect((await gate.find(id)).ingestion.cancelled).toBe(0);
    expect((await gate.store.queue.stats(DEFAULT_LANE)).pausedAtMs).toBeNull();
  });

  it('and none for an act without one', async () => {
    const id = await gate.accept('HIGH', [1]);
    await gate.store.queue.pause(DEFAULT_LANE);
    await gate.store.ingestions.cancelStep(id, MANY);

    expect(await entries(gate)).toEqual([]);
  });
});

describe.each(STORES)('$name lists the audit log', (underTest) => {
  const gate = useGate(underTest);

  /** Pauses and resumes three lanes in turn, a minute apart. */
  async function act(): Promise<void> {
    for (const lane of ['a', 'b', 'c']) {
      const actor = { client: `${lane}-client`, address: null, requestId: null };
      await gate.store.queue.pause(lane, entry('pause_lane', { actor }));
      await gate.store.advance(MINUTE);
      await gate.store.queue.resume(lane, entry('resume_lane', { actor, target: randomUUID() }));
      await gate.store.advance(MINUTE);
    }
  }

  it('by client, action, lane and target, and by time', async () => {
    await act();
    const all = await entries(gate);
    const [newest, second, third] = all;
    const list = async (filter: Parameters<typeof gate.store.audit.list>[0]): Promise<unknown[]> =>
      (await gate.store.audit.list(filter, null, MANY)).map(({ auditNo }) => auditNo);
    const numbersOf = (isWanted: (record: AuditRecord) => boolean): unknown[] =>
      all.filter(isWanted).map(({ auditNo }) => auditNo);

    expect(all).toHaveLength(6);
    expect(await list({ client: 'b-client' })).toEqual(numbersOf(({ lane }) => lane === 'b'));
    expect(await list({ lane: 'c' })).toEqual(numbersOf(({ lane }) => lane === 'c'));
    expect(await list({ action: 'pause_lane' })).toEqual(numbersOf(({ action }) => action === 'pause_lane'));
    expect(await list({ action: 'pause_lane', lane: 'a' })).toHaveLength(1);
    expect(await list({ target: newest?.target ?? '' })).toEqual([newest?.auditNo]);
    expect(await list({ fromMs: second?.atMs ?? 0 })).toEqual([newest?.auditNo, second?.auditNo]);
    expect(await list({ toMs: third?.atMs ?? 0 })).toEqual(
      numbersOf(({ atMs }) => atMs <= (third?.atMs ?? 0)),
    );
    expect(await list({ client: 'nobody' })).toEqual([]);
  });

  it('page by page, without a gap or an overlap', async () => {
    await act();
    const all = await entries(gate);
    const paged: AuditRecord[] = [];
    for (let before = null; ;) {
      const page: AuditRecord[] = await gate.store.audit.list({}, before, 2);
      const last = page.at(-1);
      if (last === undefined) {
        break;
      }
      paged.push(...page);
      before = last;
    }

    expect(paged).toEqual(all);
  });

  it('and deletes what is older than its retention, the oldest first', async () => {
    await act();
    const all = await entries(gate);

    expect(await gate.store.audit.deleteOlderThan(HOUR, 2)).toBe(0);
    expect(await gate.store.audit.deleteOlderThan(2.5 * MINUTE, 2)).toBe(2);
    expect(await gate.store.audit.deleteOlderThan(2.5 * MINUTE, MANY)).toBe(2);
    expect(await entries(gate)).toEqual(all.slice(0, 2));
  });
});
