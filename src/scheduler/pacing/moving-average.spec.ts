import { describe, expect, it } from '@jest/globals';
import { LatencyEstimator } from './latency-estimator.js';
import { MovingAverage } from './moving-average.js';

describe('A moving average', () => {
  it('is the mean of all numbers until the window is full, then gives each new one its share', () => {
    const average = new MovingAverage(4);
    const values = [8, 4, 0, 8, 9].map((number) => {
      average.add(number);
      return average.value;
    });
    expect(values).toEqual([8, 6, 4, 5, 6]);
  });

  it('is 0 before the first number, and begins low where it starts with zeros', () => {
    expect(new MovingAverage(4).value).toBe(0);
    const average = new MovingAverage(4, 1);
    average.add(8);
    expect(average.value).toBe(4);
  });
});

describe('An estimate of a duration', () => {
  it('begins with half of the first guess as its deviation', () => {
    const estimator = new LatencyEstimator(10, 100);
    expect([estimator.upperBound(0), estimator.upperBound(2)]).toEqual([10, 20]);
  });

  it('moves by an eighth towards a new duration, and its deviation by a quarter', () => {
    const estimator = new LatencyEstimator(10, 100);
    estimator.add(26);
    expect([estimator.upperBound(0), estimator.upperBound(1)]).toEqual([12, 19.75]);
    estimator.add(4);
    expect([estimator.upperBound(0), estimator.upperBound(1)]).toEqual([11, 18.8125]);
  });

  it('counts no duration for more than its maximum', () => {
    const estimator = new LatencyEstimator(10, 18);
    estimator.add(1000);
    expect(estimator.upperBound(0)).toBe(11);
  });
});
