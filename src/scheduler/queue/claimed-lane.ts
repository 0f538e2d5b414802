import type { ExternalApi } from '../../external-api/external-api.js';
import type { QuietHours } from '../../domain/limits/quiet-hours.js';
import type { LaneOptions } from '../lanes/lane.options.js';
import type { LaneRules } from '../rules/lane-rules.js';
import type { SchedulerOptions } from '../scheduler.options.js';
import type { FillTerms } from './fill.js';

/** The lane of a claim. */
export interface ClaimedLane {
  readonly options: Pick<LaneOptions, 'name' | 'batchSize' | 'batchDelayMs'> & {
    readonly rules?: LaneRules | null;
    readonly settingsVersion?: number;
    readonly fill?: FillTerms | null;
    readonly quietHours?: QuietHours | null;
    readonly callsPerDispatch?: number;
  };
  readonly externalApi?: Pick<ExternalApi, 'sharesKey'>;
}

/** A lane that may claim. */
export interface ClaimRequest {
  readonly lane: ClaimedLane;
  /** The most dispatches that it may claim; 1 by default. */
  readonly maxDispatches?: number;
  /** True if the claim may begin before its time, with those of other lanes, see `SlotSchedule.earlyMs`. */
  readonly isEarly?: boolean;
}

/** The options of all claims. */
export type ClaimPolicy = Pick<SchedulerOptions, 'leaseMs' | 'agingMs' | 'fairShare'>;
