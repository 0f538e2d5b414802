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

/** A comparison within this run, with its target. */
export interface Ratio {
  readonly what: string;
  readonly series: Series;
  readonly target?: Target;
  /** True for a ratio that hardly depends on the machine: `--check` compares it with the baseline. */
  readonly isSteady?: boolean;
}

export interface CaseResult {
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
  /** One sentence for each loss or refusal of Sluice; any of them fails the run. */
  readonly losses: readonly string[];
  /** Remarks for the reader of the table. */
  readonly notes?: readonly string[];
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  run(settings: Settings, folder: string): Promise<CaseResult>;
}
