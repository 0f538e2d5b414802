import { describe, expect, it } from '@jest/globals';
import { packIds } from '../../src/domain/packed-ids.js';
import { REJECT_NEW, type Idempotency, type NewIngestion } from '../../src/domain/ingestion.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, failed, HOUR, MINUTE, newIngestion, retryIn, useGate } from './gate.js';
import { STORES } from './stores.js';

const MANY = 1000;
const CAP = 10;

describe.each(STORES)('$name: cap of pending ids of a client', (underTest) => {
  const gate = useGate(underTest);

  function listOf(client: string | null, size: number, more: Partial<NewIngestion> = {}): NewIngestion {
    return { ...newIngestion('MEDIUM', idRange(1, size)), client, pendingLimit: CAP, ...more };
  }

  async function kindsOf(...group: NewIngestion[]): Promise<string[]> {
    return (await gate.acceptAll(group)).map(({ kind }) => kind);
  }

  async function waiting(client: string | null): Promise<number> {
    return (await gate.store.staging.pendingCounts(client)).pending;
  }

  it('accepts up to the cap, in the order of a group, and for each client by itself', async () => {
    const group = [
      listOf('alice', 6),
      listOf('alice', 5),
      listOf('bob', 10),
      listOf('alice', 4),
      listOf('alice', 1),
      listOf('bob', 1),
    ];
    expect(await gate.acceptAll(group)).toEqual([
      { kind: 'accepted', ingestionId: group[0]?.ingestionId },
      { kind: 'refused', pending: 6 },
      { kind: 'accepted', ingestionId: group[2]?.ingestionId },
      { kind: 'accepted', ingestionId: group[3]?.ingestionId },
      { kind: 'refused', pending: 10 },
      { kind: 'refused', pending: 10 },
    ]);
    expect(await gate.acceptAll([listOf('alice', 1)])).toEqual([{ kind: 'refused', pending: 10 }]);
    expect(await waiting('alice')).toBe(10);
    expect(await waiting('carol')).toBe(0);
    expect(await waiting(null)).toBe(20);
  });

  it('counts all lists together with authentication disabled', async () => {
    expect(await kindsOf(listOf(null, 6), listOf(null, 5), listOf(null, 4))).toEqual([
      'accepted',
      'refused',
      'accepted',
    ]);
    expect(await kindsOf(listOf(null, 1), listOf('alice', 10))).toEqual(['refused', 'accepted']);
    await gate.drain();
    expect(await kindsOf(listOf(null, 10))).toEqual(['accepted']);
  });

  it('answers a replay whatever is pending, and frees the key of a refused list', async () => {
    const key = (name: string): Idempotency => ({
      key: Buffer.from(name),
      content: Buffer.from(name),
      windowMs: MINUTE,
    });
    const first = newIngestion('LOW', idRange(1, 8), key('first'));
    const keyed = (size: number, name: string): NewIngestion =>
      listOf('alice', size, { idempotency: key(name) });
    await gate.acceptAll([{ ...first, client: 'alice', pendingLimit: CAP }]);

    expect(await gate.acceptAll([keyed(8, 'first'), keyed(3, 'next'), keyed(3, 'next')])).toEqual([
      { kind: 'replayed', ingestionId: first.ingestionId },
      { kind: 'refused', pending: 8 },
      { kind: 'refused', pending: 8 },
    ]);
    await gate.dispatch();
    expect(await kindsOf(keyed(3, 'next'), keyed(3, 'next'))).toEqual(['accepted', 'replayed']);
    expect(await kindsOf(keyed(8, 'first'))).toEqual(['replayed']);
  });

  it('counts ids until they are sent or dropped, and not again on a retry', async () => {
    await gate.acceptAll([listOf('alice', 7)]);
    const first = await gate.dispatch();
    expect(await waiting('alice')).toBe(4);
    await gate.settle(first, [COMPLETED, retryIn(0), failed()]);
    expect(await gate.store.deadLetters.redrive({}, Number.MAX_SAFE_INTEGER, MANY)).toBe(1);
    expect(await waiting('alice')).toBe(4);
    await gate.release(await gate.dispatch());
    expect(await waiting('alice')).toBe(3); // two were sent again, and one for the first time
    await gate.drain();
    expect(await waiting('alice')).toBe(0);
  });

  it('makes room by a cancel, but not by a change of priority or a removal', async () => {
    const cancelled = listOf('alice', 5);
    const moved = listOf('alice', 5);
    await gate.acceptAll([cancelled, moved]);
    await gate.dispatch();
    expect(await waiting('alice')).toBe(7);
    await gate.store.ingestions.cancelStep(cancelled.ingestionId, MANY);
    await gate.store.ingestions.cancelStep(cancelled.ingestionId, MANY);
    expect(await waiting('alice')).toBe(5);
    await gate.store.ingestions.reprioritizeStep(moved.ingestionId, 'HIGH', MANY);
    expect(await waiting('alice')).toBe(5);
    await gate.restart();
    await gate.store.dispatches.reclaimExpired();
    await gate.drain();
    await gate.store.advance(HOUR);
    await gate.acceptAll([listOf('alice', 1)]);
    while (await gate.store.maintenance.deleteExpired(MINUTE));
    expect(await waiting('alice')).toBe(1);
  });

  it('counts a streaming list beside the pending ids, and judges it at its end', async () => {
    const { staging } = gate.store;
    const stagingNo = await staging.create(MINUTE, 'alice');
    await staging.append(stagingNo, { packedIds: packIds(idRange(1, 6)), precedingIds: 0 }, MINUTE);
    expect(await staging.pendingCounts('alice')).toEqual({ pending: 0, staged: 6 });
    expect(await staging.pendingCounts('bob')).toEqual({ pending: 0, staged: 0 });
    expect(await staging.pendingCounts(null)).toEqual({ pending: 0, staged: 6 });

    await gate.acceptAll([listOf('alice', 5)]);
    const staged = { packedIds: new Uint8Array(), staged: { stagingNo, ids: 6 } };
    expect(await gate.acceptAll([listOf('alice', 0, staged)])).toEqual([{ kind: 'refused', pending: 5 }]);
    await gate.dispatch();
    expect(await kindsOf(listOf('alice', 0, staged))).toEqual(['accepted']);
    expect(await staging.pendingCounts('alice')).toEqual({ pending: 8, staged: 0 });
  });

  it('answers a list given up for want of room as refused, not as unavailable', async () => {
    const stagingNo = await gate.store.staging.create(MINUTE, 'alice');
    await gate.store.staging.abandon(stagingNo);
    const staged = { stagingNo, ids: 3 };
    const givenUp = { packedIds: new Uint8Array(), staged, pendingLimit: REJECT_NEW };
    expect(await gate.acceptAll([listOf('alice', 0, givenUp)])).toEqual([{ kind: 'refused', pending: 0 }]);
  });
});
