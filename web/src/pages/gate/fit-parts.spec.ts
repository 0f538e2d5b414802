import { describe, expect, it } from '@jest/globals';
import { fitParts, type Part } from './fit-parts.js';

const partOf = (mark: string, ids: number, size = ids): Part => ({
  ingestion_id: mark,
  priority: 'LOW',
  size,
  retry: false,
  ids: Array.from({ length: ids }, (_, i) => BigInt(i)),
});
const shapeOf = (parts: readonly Part[]): [string[], number] => {
  const { shown, hidden } = fitParts(parts);
  return [shown.map(({ ingestion_id: mark, ids }) => `${mark}${String(ids.length)}`), hidden];
};

describe('What a card of a dispatch has room for', () => {
  it('are five ids under one mark, or three ids of three ingestions', () => {
    expect(shapeOf([partOf('a', 5)])).toEqual([['a5'], 0]);
    expect(shapeOf([partOf('a', 1), partOf('b', 1), partOf('c', 1)])).toEqual([['a1', 'b1', 'c1'], 0]);
  });

  it('is less where a line counts the others, and never more than the card is high', () => {
    expect(shapeOf([partOf('a', 6)])).toEqual([['a4'], 2]);
    expect(shapeOf([partOf('a', 5, 1000)])).toEqual([['a4'], 996]);
    expect(shapeOf([partOf('a', 1), partOf('b', 4)])).toEqual([['a1', 'b2'], 2]);
    expect(shapeOf(['a', 'b', 'c', 'd', 'e'].map((mark) => partOf(mark, 1)))).toEqual([['a1', 'b1'], 3]);
  });

  it('ends with the first part without room, so that the order stays', () => {
    expect(shapeOf([partOf('a', 3), partOf('b', 2), partOf('c', 1)])).toEqual([['a3'], 3]);
  });
});
