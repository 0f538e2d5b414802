import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Id } from '../../src/domain/packed-ids.js';
import type { NewIngestion } from '../../src/domain/ingestion.js';
import { HOUR, MINUTE, newIngestion, SECOND, useGate } from './gate.js';
import { STORES } from './stores.js';

const WINDOW_MS = 5 * MINUTE;

/** Returns a request with a key; its content digest follows from its ids. */
function keyed(key: string, ids: readonly Id[], windowMs = WINDOW_MS): NewIngestion {
  return newIngestion('HIGH', ids, { key: digest(key), content: digest(ids.join()), windowMs });
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

describe.each(STORES)('$name, within the window,', (underTest) => {
  const gate = useGate(underTest);

  it('answers the same key and content with the first ingestion, and queues nothing', async () => {
    const first = keyed('a', [1]);
    await gate.acceptAll([first]);

    const again = keyed('a', [1]);
    expect(await gate.acceptAll([again])).toEqual([{ kind: 'replayed', ingestionId: first.ingestionId }]);
    expect(await gate.store.ingestions.findById(again.ingestionId)).toBeNull();
    expect(await gate.drain()).toEqual([[1n]]);
  });

  it('refuses the same key with another content, and queues nothing', async () => {
    await gate.acceptAll([keyed('a', [1])]);

    const other = keyed('a', [2]);
    expect(await gate.acceptAll([other])).toEqual([{ kind: 'conflict' }]);
    expect(await gate.store.ingestions.findById(other.ingestionId)).toBeNull();
    expect(await gate.drain()).toEqual([[1n]]);
  });

  it('still knows the first content after a conflict', async () => {
    const first = keyed('a', [1]);
    await gate.acceptAll([first]);
    await gate.acceptAll([keyed('a', [2])]);

    expect(await gate.acceptAll([keyed('a', [1]), keyed('a', [2])])).toEqual([
      { kind: 'replayed', ingestionId: first.ingestionId },
      { kind: 'conflict' },
    ]);
  });

  it('takes the same content under another key, or without one, as new', async () => {
    const group = [keyed('a', [1]), keyed('b', [1]), newIngestion('HIGH', [1]), newIngestion('HIGH', [1])];

    expect(await gate.acceptAll(group)).toEqual(
      group.map(({ ingestionId }) => ({ kind: 'accepted', ingestionId })),
    );
    expect(await gate.drain({ batchSize: 10 })).toEqual([[1n, 1n, 1n, 1n]]);
  });

  it('sees duplicates inside one group, each answered in its place', async () => {
    const first = keyed('a', [1]);
    const other = newIngestion('HIGH', [9]);

    expect(await gate.acceptAll([first, keyed('a', [1]), keyed('a', [2]), other, keyed('a', [1])])).toEqual([
      { kind: 'accepted', ingestionId: first.ingestionId },
      { kind: 'replayed', ingestionId: first.ingestionId },
      { kind: 'conflict' },
      { kind: 'accepted', ingestionId: other.ingestionId },
      { kind: 'replayed', ingestionId: first.ingestionId },
    ]);
    expect(await gate.drain()).toEqual([[1n, 9n]]);
  });

  it('makes one ingestion of 50 that come at the same moment', async () => {
    const requests = Array.from({ length: 50 }, () => keyed('a', [1, 2, 3]));

    const answers = (await Promise.all(requests.map((request) => gate.acceptAll([request])))).flat();

    const accepted = answers.filter(({ kind }) => kind === 'accepted');
    expect(accepted).toHaveLength(1);
    const [first] = accepted;
    expect(answers.filter(({ kind }) => kind === 'replayed')).toHaveLength(49);
    for (const answer of answers) {
      expect(answer).toMatchObject({ ingestionId: first?.kind === 'accepted' && first.ingestionId });
    }
    expect(await gate.drain()).toEqual([[1n, 2n, 3n]]);
  });

  it('takes two groups at the same moment with the same keys in opposite order', async () => {
    const rounds = Array.from({ length: 10 }, (_, round) => {
      const keys = Array.from({ length: 8 }, (__, i) => `${String(round)}/${String(i)}`);
      return [keys, keys.toReversed()];
    });

    const answers = await Promise.all(
      rounds.flat().map((keys) => gate.acceptAll(keys.map((key) => keyed(key, [1])))),
    );

    expect(answers.flat().filter(({ kind }) => kind === 'accepted')).toHaveLength(80);
    expect(answers.flat().filter(({ kind }) => kind === 'replayed')).toHaveLength(80);
    expect((await gate.drain({ batchSize: 1000 })).flat()).toHaveLength(80);
  });

  it('knows the key after a kill', async () => {
    const first = keyed('a', [1]);
    await gate.acceptAll([first]);
    await gate.restart();

    expect(await gate.acceptAll([keyed('a', [1])])).toEqual([
      { kind: 'replayed', ingestionId: first.ingestionId },
    ]);
  });

  it('knows the key also once the ingestion is done', async () => {
    const first = keyed('a', [1]);
    await gate.acceptAll([first]);
    await gate.drain();

    expect(await gate.acceptAll([keyed('a', [1])])).toEqual([
      { kind: 'replayed', ingestionId: first.ingestionId },
    ]);
  });

  it('frees the key of a group that was not kept', async () => {
    const twin = newIngestion('HIGH', [2]);
    await expect(gate.acceptAll([keyed('a', [1]), twin, twin])).rejects.toThrow();

    const again = keyed('a', [5]);
    expect(await gate.acceptAll([again])).toEqual([{ kind: 'accepted', ingestionId: again.ingestionId }]);
  });
});

describe.each(STORES)('$name, after the window,', (underTest) => {
  const gate = useGate(underTest);

  it('takes the key as new, with any content, and its window anew', async () => {
    await gate.acceptAll([keyed('a', [1])]);
    await gate.store.advance(WINDOW_MS);

    const second = keyed('a', [2]);
    expect(await gate.acceptAll([second])).toEqual([{ kind: 'accepted', ingestionId: second.ingestionId }]);
    await gate.store.advance(WINDOW_MS - 30 * SECOND);
    expect(await gate.acceptAll([keyed('a', [2]), keyed('a', [1])])).toEqual([
      { kind: 'replayed', ingestionId: second.ingestionId },
      { kind: 'conflict' },
    ]);
  });

  it('counts it from the first acceptance: a replay does not prolong it', async () => {
    await gate.acceptAll([keyed('a', [1])]);
    await gate.store.advance(WINDOW_MS - MINUTE);
    await gate.acceptAll([keyed('a', [1])]);
    await gate.store.advance(MINUTE);

    const later = keyed('a', [1]);
    expect(await gate.acceptAll([later])).toEqual([{ kind: 'accepted', ingestionId: later.ingestionId }]);
  });

  it('keeps each key for its own window', async () => {
    const long = keyed('long', [1], HOUR);
    await gate.acceptAll([long, ...Array.from({ length: 700 }, (_, i) => keyed(`short ${String(i)}`, [2]))]);
    await gate.store.advance(WINDOW_MS);

    for (let round = 0; round < 3; round++) {
      await gate.acceptAll([newIngestion('LOW', [3])]);
    }
    expect(await gate.acceptAll([keyed('long', [1])])).toEqual([
      { kind: 'replayed', ingestionId: long.ingestionId },
    ]);
    const short = keyed('short 699', [4]);
    expect(await gate.acceptAll([short])).toEqual([{ kind: 'accepted', ingestionId: short.ingestionId }]);
  });
});
