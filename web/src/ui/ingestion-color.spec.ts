import { describe, expect, it, jest } from '@jest/globals';
import { colorHue } from './ingestion-color.js';

const idOf = (end: string): string => `019376a0-5c00-7a3e-9b1d-2f4c6e${end}`;

describe('The hues of lists', () => {
  it('differ where the ids would have them the same, and stay', () => {
    const ids = Array.from({ length: 8 }, (_, i) => idOf(`${String(i)}00abc`));
    const hues = ids.map(colorHue);
    const sorted = hues.toSorted((a, b) => a - b);
    const between = sorted.map((hue, i) => ((sorted[(i + 1) % sorted.length] ?? 0) - hue + 360) % 360);

    expect(Math.min(...between)).toBeGreaterThanOrEqual(15);
    expect(ids.map(colorHue)).toEqual(hues);
  });

  it('are compared with the recent ones only, however many were assigned before', () => {
    const read = jest.spyOn(Map.prototype, 'values');
    Array.from({ length: 100 }, (_, i) => colorHue(idOf((0x10000 + i).toString(16).padStart(6, '0'))));

    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });
});
