import { describe, expect, it } from '@jest/globals';
import { schedulerOptions } from '../../../test/support/options.js';
import { intervalOf } from './lane.options.js';

const LIMITS = '[{ calls: 190, per: 10 }, { ids: 1000, per: 60, margin: 0 }]';

describe('The options of a lane', () => {
  it('have no rules without limits, and the delay as it is', () => {
    const [lane] = schedulerOptions({ BATCH_DELAY: '5' }).lanes;

    expect(lane).toMatchObject({ rules: null, batchDelayMs: 5000 });
    expect(intervalOf(lane)).toBe(5000);
  });

  it('have limits in place of the default delay', () => {
    const [lane] = schedulerOptions({ LIMITS, BATCH_SIZE: '10' }).lanes;

    expect(lane.rules?.windows).toMatchObject([
      { max: 190, perUs: 10_021_000, whole: 1 },
      { max: 1000, perUs: 60_000_000, whole: 10 },
    ]);
    expect(lane.batchDelayMs).toBe(0);
    expect(intervalOf(lane)).toBe(600);
  });

  it('have a delay that is set beside limits as one more rule, without a margin', () => {
    const [lane] = schedulerOptions({ LIMITS: '[{ in_flight: 5 }]', BATCH_DELAY: '5' }).lanes;

    expect(lane.rules?.windows).toEqual([
      { name: '1 calls per 5 s', counts: 'calls', max: 1, perUs: 5_000_000, whole: 1 },
    ]);
    expect(lane.batchDelayMs).toBe(0);
  });

  it('count each id as a call where the URL has a place for it', () => {
    const url = 'https://api.example.com/{id}';
    const [lane] = schedulerOptions({ LIMITS, BATCH_DELAY: '5', EXTERNAL_API_URL: url }).lanes;

    expect(lane.rules?.windows.map(({ max, whole }) => [max, whole])).toEqual([
      [190, 3],
      [1000, 3],
      [3, 3],
    ]);
  });

  it.each([
    ['[{ calls: 0, per: 10 }]', 'LIMITS[0].calls must be a number from 1 to 1000000000000, not "0"'],
    ['190 calls', 'LIMITS must be a list'],
    ['[{', 'LIMITS must be a list in YAML or JSON'],
    ['[]', 'LIMITS must be a list'],
  ])('refuse %s with one line', (value, message) => {
    expect(() => schedulerOptions({ LIMITS: value })).toThrow(message);
  });
});
