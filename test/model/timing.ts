const HOUR_MS = 3_600_000;

/** How exactly the time of a store can be foretold, and what follows for the stories that it is told. */
export interface Timing {
  /** Time that passes before each step. */
  readonly tickMs: number;
  /** Delays, leases and windows are a few of these. */
  readonly quantumMs: number;
  /** Other times that may pass, or be waited for. */
  readonly oddMs: readonly number[];
  /** How much later than it was claimed a call may leave. */
  readonly lateMs: readonly number[];
  /** How many dead letters are redriven at once. */
  readonly limits: readonly number[];
  /** How far a duration that the store names may be off. */
  readonly slackMs: number;
  /** A restarted gate takes a dispatch to have begun this much later than it was claimed. */
  readonly restartMarginMs: number;
  /** Only a store that one process has to itself knows at a start that the dispatches of the last one are given up. */
  readonly isOfOneProcess: boolean;
}

/** Time stands still until it is moved: every moment is exact, and many things happen at the same one. */
export const EXACT: Timing = {
  tickMs: 0,
  quantumMs: 5000,
  oddMs: [1, 49, 50, 4999, 12_345, HOUR_MS],
  lateMs: [0, 0, 30, 50, 51, 700],
  limits: [1, 3, 1000],
  slackMs: 0,
  restartMarginMs: 50,
  isOfOneProcess: true,
};

/**
 * Real time passes beside the story's. Quanta are far longer than all of it, and ticks see to it that no two moments
 * are the same: which of two is the later one is then never a matter of how fast the machine is.
 */
export const COARSE: Timing = {
  tickMs: 100,
  quantumMs: 60_000,
  oddMs: [],
  lateMs: [0],
  limits: [1000],
  slackMs: 30_000,
  restartMarginMs: 0,
  isOfOneProcess: false,
};
