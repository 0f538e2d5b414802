import { Injectable } from '@nestjs/common';
import { countBatches, planBatches, type Batch } from '../../domain/batch-plan.js';
import type { IngestionRecord, IngestionPage } from '../../domain/ingestion.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { IngestionRepository } from '../ingestion.repository.js';
import { BYTES_PER_ID } from '../../domain/packed-ids.js';
import { Runtime } from '../../domain/runtime.js';
import { mapPages } from '../map-pages.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** A batch with its ids, packed. */
export interface BatchWithIds extends Batch {
  readonly packedIds: Uint8Array;
}

/** Consecutive batches of an ingestion, in the order of its ids. */
export interface StatusPage {
  readonly ingestion: IngestionRecord;
  readonly batches: readonly BatchWithIds[];
  /** The number of the first batch of the next page; null on the last page. */
  readonly next: number | null;
}

/** Reads the status of ingestions. Every method throws UnknownIngestionError or StoreUnavailableError. */
@Injectable()
export class StatusService {
  constructor(
    private readonly repository: IngestionRepository,
    private readonly options: SchedulerOptions,
    private readonly runtime: Runtime,
  ) {}

  /** Returns the batch size of a lane, for planned batches. */
  batchSizeOf(lane: string): number {
    return this.options.batchSizeOf(lane);
  }

  /** Counts the batches of an ingestion, started and planned. */
  countBatches(ingestion: IngestionRecord): number {
    return countBatches(ingestion, this.batchSizeOf(ingestion.lane));
  }

  async findById(ingestionId: string): Promise<IngestionRecord> {
    return (await this.repository.findById(ingestionId)) ?? throwUnknown(ingestionId);
  }

  /** Returns up to `limit` batches from number `from` on. */
  async findPage(ingestionId: string, from: number, limit: number): Promise<StatusPage> {
    const page =
      (await this.repository.findWithBatches(ingestionId, from, limit)) ?? throwUnknown(ingestionId);
    return this.withIds(page, from, limit);
  }

  /**
   * Yields the pages after the given one, each with the state at the time it is read. The batch boundaries stay those
   * of the first page, so that all pages together hold every id once.
   */
  pagesAfter(page: StatusPage, limit: number): AsyncGenerator<StatusPage, void> {
    return this.mapPagesAfter(page, limit, (each) => each);
  }

  /** Does the same as `pagesAfter`, and yields what `map` makes of each page, see `mapPages`. */
  mapPagesAfter<T>(
    { ingestion, next }: StatusPage,
    limit: number,
    map: (page: StatusPage) => T,
  ): AsyncGenerator<T, void> {
    return mapPages(this.runtime, next, (from) => this.readPage(ingestion, from, limit), map);
  }

  private async readPage(ingestion: IngestionRecord, from: number, limit: number): Promise<StatusPage> {
    const { started } =
      (await this.repository.findWithBatches(ingestion.ingestionId, from, limit)) ??
      throwUnknown(ingestion.ingestionId);
    return this.withIds({ ingestion, started }, from, limit);
  }

  private async withIds(page: IngestionPage, from: number, limit: number): Promise<StatusPage> {
    const { ingestion } = page;
    const batches = planBatches(page, this.batchSizeOf(ingestion.lane), from, limit);
    const first = batches[0]?.first ?? 0;
    const size = batches.reduce((sum, batch) => sum + batch.size, 0);
    const packedIds = size === 0 ? new Uint8Array() : await this.repository.readIds(ingestion, first, size);
    if (packedIds === null) {
      return throwUnknown(ingestion.ingestionId);
    }
    const end = from + batches.length;
    return {
      ingestion,
      batches: batches.map((batch) => ({
        ...batch,
        packedIds: sliceIds(packedIds, batch.first - first, batch.size),
      })),
      next: end < this.countBatches(ingestion) ? end : null,
    };
  }
}

function sliceIds(packedIds: Uint8Array, first: number, size: number): Uint8Array {
  return packedIds.subarray(first * BYTES_PER_ID, (first + size) * BYTES_PER_ID);
}

function throwUnknown(ingestionId: string): never {
  throw new UnknownIngestionError(ingestionId);
}
