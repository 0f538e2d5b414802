import type { Settings } from '../settings.ts';
import type { Series } from '../statistics.ts';

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly series: Series;
}

export interface Target {
  readonly kind: 'at_least' | 'at_most';
  readonly value: number;
}

/** A comparison within this run, and what is aimed at. */
export interface Ratio {
  readonly what: string;
  readonly series: Series;
  readonly target?: Target;
  /** Much the same on every machine and whatever else it does: `--check` holds it against what was committed. */
  readonly isSteady?: boolean;
}

export interface CaseResult {
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  /** What Sluice lost or refused, one sentence each; the run fails when there is any. */
  readonly losses: readonly string[];
  /** What the reader has to know beside. */
  readonly notes?: readonly string[];
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  run(settings: Settings, folder: string): Promise<CaseResult>;
}
