import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ExpiringDigestHashTable } from './digest-hash-table.js';

const WINDOW_MS = 1000;

function digest(what: number | string): Uint8Array {
  return createHash('sha256').update(String(what)).digest();
}

/** Returns another digest with the same first 32 bits: the index cannot distinguish them. */
function lookAlike(original: Uint8Array): Uint8Array {
  return Uint8Array.of(...original.subarray(0, 4), ...digest('other').subarray(4));
}

describe('The index of idempotency keys', () => {
  it('finds each of many rows again, however often it has grown', () => {
    const index = new ExpiringDigestHashTable();
    const firstRow = 5_000_000_000; // beyond 32 bits
    for (let i = 0; i < 20_000; i++) {
      index.add(digest(i), firstRow + i, WINDOW_MS, 0);
    }

    for (let i = 0; i < 20_000; i++) {
      expect([...index.findRows(digest(i))]).toContain(firstRow + i);
    }
  });

  it('names no row for almost every key that was never added', () => {
    const index = new ExpiringDigestHashTable();
    for (let i = 0; i < 1000; i++) {
      index.add(digest(i), i, WINDOW_MS, 0);
    }

    const found = Array.from({ length: 1000 }, (_, i) => [
      ...index.findRows(digest(`no ${String(i)}`)),
    ]).flat();
    expect(found.length).toBeLessThan(10);
  });

  it('names every row that may hold the key', () => {
    const index = new ExpiringDigestHashTable();
    const key = digest('a');
    index.add(key, 1, WINDOW_MS, 0);
    index.add(lookAlike(key), 2, WINDOW_MS, 0);
    index.add(key, 3, WINDOW_MS, 0);

    expect([...index.findRows(key)].sort()).toEqual([1, 2, 3]);
  });

  it('keeps what has not expired, and forgets the rest within another window', () => {
    const index = new ExpiringDigestHashTable();
    for (let nowMs = 0; nowMs < 10 * WINDOW_MS; nowMs += 10) {
      index.add(digest(nowMs), nowMs, nowMs + WINDOW_MS, nowMs);

      expect([...index.findRows(digest(nowMs - WINDOW_MS + 10))]).toEqual(
        nowMs < WINDOW_MS - 10 ? [] : [nowMs - WINDOW_MS + 10],
      );
      expect([...index.findRows(digest(nowMs - 2 * WINDOW_MS - 10))]).toEqual([]);
    }
  });
});
