import { describe, expect, it } from '@jest/globals';
import { countSuccesses } from './count-successes.js';

describe('The ids of a dispatch that succeeded', () => {
  it.each([
    ['are those without an error', { completed: 2, retried: 1, failed: 0 }, 3, 1, 2],
    ['are none where the upstream refused all of them', { completed: 0, retried: 3, failed: 0 }, 3, 0, 0],
    ['do not include one that was refused', { completed: 1, retried: 2, failed: 0 }, 3, 1, 1],
    ['are counted of one ingestion only', { completed: 5, retried: 0, failed: 1 }, 2, 0, 2],
  ])('%s', (_, counts, size, errors, completed) => {
    const outcomes = countSuccesses({ ending: 'settled', counts }, size, errors);
    expect(outcomes).toEqual({ completed, unsuccessful: size - completed });
  });

  it.each([null, 'released', 'lapsed'] as const)('are none where the end is %s', (ending) => {
    const counts = { completed: 0, retried: 0, failed: 0 };
    expect(countSuccesses({ ending, counts }, 3, 0)).toEqual({ completed: 0, unsuccessful: 0 });
  });
});
