/** The values of the rounds, in order, with the figures shown in the table. */
export interface Series {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
}

export function seriesOf(values: readonly number[]): Series {
  return { median: quantile(values, 0.5), min: Math.min(...values), max: Math.max(...values), values };
}

/** Returns the ratio round by round, so that variation common to both cancels out. */
export function ratioOf(dividends: Series, divisors: Series): Series {
  return seriesOf(dividends.values.map((dividend, i) => dividend / (divisors.values[i] ?? NaN)));
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}
