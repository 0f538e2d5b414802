import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { HalfTime } from './half-time.js';

describe('HalfTime', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each([
    ['short acts share a pause that is as long as they were', [1, 1, 1, 1, 2, 2], [4, 4]],
    ['a long act has a pause of its own', [10, 1, 9], [10, 10]],
    ['acts that take no time need none', [0, 0, 0], []],
  ])('%s', async (_, acts, pauses) => {
    const clock = new ManualClock();
    const sleep = jest.spyOn(clock, 'sleep').mockResolvedValue(undefined);
    const halfTime = new HalfTime(clock);
    for (const ms of acts) {
      const result = await halfTime.around(async () => {
        clock.advance(ms);
        return ms;
      });
      expect(result).toBe(ms);
    }

    expect(sleep.mock.calls.map(([ms]) => ms)).toEqual(pauses);
  });
});
