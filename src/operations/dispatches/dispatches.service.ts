import { Injectable } from '@nestjs/common';
import { type DispatchFilter, DispatchRepository, type DispatchRecord } from './dispatch.repository.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** A page contains about this many ids at most, but at least one dispatch. */
const MAX_IDS_PER_PAGE = 5000;

export interface DispatchPage {
  readonly dispatches: readonly DispatchRecord[];
  /** The cursor of the next page: a dispatch number; null if nothing is left. */
  readonly next: number | null;
}

/** Lists the timeline of dispatches. */
@Injectable()
export class DispatchesService {
  private readonly maxPageSize: number;

  constructor(
    private readonly dispatches: DispatchRepository,
    { lanes }: SchedulerOptions,
  ) {
    this.maxPageSize = Math.max(1, Math.floor(MAX_IDS_PER_PAGE / lanes[0].batchSize));
  }

  /**
   * Lists at most `limit` dispatches, fewer if they are large, the newest first.
   * @throws StoreUnavailableError
   */
  async list(filter: DispatchFilter, before: number | null, limit: number): Promise<DispatchPage> {
    const count = Math.min(limit, this.maxPageSize);
    const dispatches = await this.dispatches.list(filter, before, count);
    const last = dispatches.at(-1);
    return {
      dispatches,
      next: last !== undefined && dispatches.length === count ? last.dispatchNo : null,
    };
  }
}
