const HOUR_MS = 3_600_000;

/** The precision to which a store's time can be predicted, and the random runs that follow from it. */
export interface Timing {
  /** The time that passes before each step. */
  readonly tickMs: number;
  /** The unit of delays, leases and windows, which are small multiples of it. */
  readonly quantumMs: number;
  /** Other durations that may pass or be waited for. */
  readonly oddMs: readonly number[];
  /** The possible times between a claim and its call. */
  readonly lateMs: readonly number[];
  /** The time between a quantum and the begin and the end of quiet hours. */
  readonly quietOffsetMs: number;
  /** The possible limits of a redrive. */
  readonly limits: readonly number[];
  /** The tolerance of a duration that the store returns. */
  readonly slackMs: number;
  /** The time between claim and start that a restarted gate assumes for the last dispatch. */
  readonly restartMarginMs: number;
  /** True for a store of one process: at a start it knows that the last process's dispatches are lost. */
  readonly isOfOneProcess: boolean;
}

/** Time stands still until it is advanced: every moment is exact, and many events share one. */
export const EXACT: Timing = {
  tickMs: 0,
  quantumMs: 5000,
  oddMs: [1, 49, 50, 4999, 12_345, HOUR_MS],
  lateMs: [0, 0, 30, 50, 51, 700],
  quietOffsetMs: 0,
  limits: [1, 3, 1000],
  slackMs: 0,
  restartMarginMs: 50,
  isOfOneProcess: true,
};

/**
 * Real time passes in addition to a run's own time. Quanta are far longer than all of it, and ticks keep any
 * two moments apart, so that their order never depends on the speed of the machine.
 */
export const COARSE: Timing = {
  tickMs: 100,
  quantumMs: 60_000,
  oddMs: [],
  lateMs: [0],
  quietOffsetMs: 30_000,
  limits: [1000],
  slackMs: 30_000,
  restartMarginMs: 0,
  isOfOneProcess: false,
};
