import { Injectable } from '@nestjs/common';
import { type DispatchFilter, DispatchHistory, type RecordedDispatch } from './dispatch.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** A page shows about this many ids at the most, and one dispatch at the least. */
const MOST_IDS = 5000;

export interface DispatchPage {
  readonly dispatches: readonly RecordedDispatch[];
  /** The number of the dispatch that the next page begins behind; null where nothing is left. */
  readonly next: number | null;
}

/** Shows the timeline of dispatches. */
@Injectable()
export class DispatchSurvey {
  private readonly most: number;

  constructor(
    private readonly history: DispatchHistory,
    { lanes }: SchedulerOptions,
  ) {
    this.most = Math.max(1, Math.floor(MOST_IDS / lanes[0].batchSize));
  }

  /**
   * At most `limit`, fewer where dispatches are large, the newest first.
   * @throws StoreUnavailableError
   */
  async list(filter: DispatchFilter, before: number | null, limit: number): Promise<DispatchPage> {
    const count = Math.min(limit, this.most);
    const dispatches = await this.history.list(filter, before, count);
    const last = dispatches.at(-1);
    return {
      dispatches,
      next: last !== undefined && dispatches.length === count ? last.dispatchNo : null,
    };
  }
}
