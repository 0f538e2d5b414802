import { describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE, newIngestion, retryIn, useGate } from './gate.js';
import { STORES } from './stores.js';

const AGING = { batchSize: 1, agingMs: HOUR };
const STRICT = { batchSize: 1, agingMs: null };

describe.each(STORES)('$name, with aging,', (underTest) => {
  const gate = useGate(underTest);

  it('keeps the strict order before the first interval is over', async () => {
    await gate.accept('LOW', [1]);
    await gate.store.advance(50 * MINUTE);
    await gate.acceptAll([newIngestion('MEDIUM', [2]), newIngestion('HIGH', [3])]);

    expect(await gate.drain(AGING)).toEqual([[3n], [2n], [1n]]);
  });

  it('lets LOW go as MEDIUM after one interval, in the order of acceptance', async () => {
    await gate.accept('LOW', [1]);
    await gate.store.advance(HOUR);
    await gate.acceptAll([newIngestion('MEDIUM', [2]), newIngestion('HIGH', [3])]);

    expect(await gate.drain(AGING)).toEqual([[3n], [1n], [2n]]);
  });

  it('lets LOW go as HIGH after two, and no higher after more', async () => {
    await gate.accept('LOW', [1]);
    await gate.store.advance(HOUR);
    await gate.accept('HIGH', [2]);
    await gate.store.advance(5 * HOUR);
    await gate.accept('HIGH', [3]);

    expect(await gate.drain(AGING)).toEqual([[1n], [2n], [3n]]);
  });

  it('lets MEDIUM go as HIGH after one', async () => {
    await gate.accept('MEDIUM', [1]);
    await gate.store.advance(HOUR);
    await gate.accept('HIGH', [2]);

    expect(await gate.drain(AGING)).toEqual([[1n], [2n]]);
  });

  it('ends LOW under an endless HIGH load', async () => {
    await gate.accept('LOW', [1]);
    let high = 0;
    let sent;
    do {
      await gate.store.advance(30 * MINUTE);
      await gate.acceptAll([newIngestion('HIGH', [100]), newIngestion('HIGH', [100])]);
      high += 2;
      sent = await gate.dispatch(AGING);
    } while (sent.parts[0]?.size === 1 && Buffer.from(sent.parts[0].packedIds).readBigUInt64BE() === 100n);

    // Lists accepted before it rose go first, later ones do not.
    expect(high).toBeGreaterThan(4);
    expect(high).toBeLessThan(20);
  });

  it('ages a retry from when it fell due', async () => {
    await gate.accept('LOW', [1]);
    await gate.settle(await gate.dispatch(AGING), retryIn(3 * HOUR));
    await gate.store.advance(3 * HOUR + MINUTE);
    await gate.acceptAll([newIngestion('MEDIUM', [2])]);
    expect(await gate.drain({ ...AGING, batchSize: 1 })).toEqual([[2n], [1n]]);

    await gate.accept('LOW', [3]);
    await gate.settle(await gate.dispatch(AGING), retryIn(MINUTE));
    await gate.store.advance(HOUR + 2 * MINUTE);
    await gate.accept('MEDIUM', [4]);
    expect(await gate.drain(AGING)).toEqual([[3n], [4n]]);
  });

  it('is off without an interval, however long LOW has waited', async () => {
    await gate.accept('LOW', [1]);
    await gate.store.advance(1000 * HOUR);
    await gate.accept('HIGH', [2]);

    expect(await gate.drain(STRICT)).toEqual([[2n], [1n]]);
  });

  it('goes on after a kill from when the ingestion was accepted', async () => {
    await gate.accept('LOW', [1]);
    await gate.store.advance(HOUR);
    await gate.restart();
    await gate.store.advance(HOUR);
    await gate.accept('HIGH', [2]);

    expect(await gate.drain(AGING)).toEqual([[1n], [2n]]);
  });
});
