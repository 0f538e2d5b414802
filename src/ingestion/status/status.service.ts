import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { countBatches, planBatches, type Batch } from '../../domain/batch-plan.js';
import type { IngestionRecord, IngestionPage } from '../../domain/ingestion.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { IngestionRepository } from '../ingestion.repository.js';
import { BYTES_PER_ID } from '../../domain/packed-ids.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';

/** A batch with its ids, packed. */
export interface BatchOfIds extends Batch {
  readonly packedIds: Uint8Array;
}

/** Some batches of an ingestion, in the order of its ids. */
export interface StatusPage {
  readonly head: IngestionRecord;
  readonly batches: readonly BatchOfIds[];
  /** The number of the first batch behind them; null where there is none. */
  readonly next: number | null;
}

/** Tells how ingestions stand. Every method throws UnknownIngestionError or StoreUnavailableError. */
@Injectable()
export class StatusService {
  constructor(
    private readonly repository: IngestionRepository,
    private readonly options: SchedulerOptions,
  ) {}

  /** The batch size of a lane, for planned batches. */
  batchSizeOf(lane: string): number {
    return this.options.batchSizeOf(lane);
  }

  async findHead(ingestionId: string): Promise<IngestionRecord> {
    return (await this.repository.findHead(ingestionId)) ?? unknown(ingestionId);
  }

  /** The batches from number `from` on, `limit` of them at the most. */
  async findPage(ingestionId: string, from: number, limit: number): Promise<StatusPage> {
    const page = (await this.repository.findPage(ingestionId, from, limit)) ?? unknown(ingestionId);
    return this.withIds(page, from, limit);
  }

  /**
   * The pages behind one, each as it stands when it is read; which ids make a batch is as it was on the first one, so
   * that together they hold every id once.
   */
  async *pagesAfter(
    { head: ingestion, next }: StatusPage,
    limit: number,
  ): AsyncGenerator<StatusPage, undefined> {
    for (let from = next; from !== null;) {
      await nextTurn(); // a fast reader never makes the stream wait: others must not wait for all of it
      const { started } =
        (await this.repository.findPage(ingestion.ingestionId, from, limit)) ??
        unknown(ingestion.ingestionId);
      const page: StatusPage = await this.withIds({ ingestion, started }, from, limit);
      yield page;
      from = page.next;
    }
    return undefined;
  }

  private async withIds(page: IngestionPage, from: number, limit: number): Promise<StatusPage> {
    const { ingestion } = page;
    const batches = planBatches(page, this.batchSizeOf(ingestion.lane), from, limit);
    const first = batches[0]?.first ?? 0;
    const size = batches.reduce((sum, batch) => sum + batch.size, 0);
    const packedIds = size === 0 ? new Uint8Array() : await this.repository.readIds(ingestion, first, size);
    if (packedIds === null) {
      return unknown(ingestion.ingestionId);
    }
    const end = from + batches.length;
    return {
      head: ingestion,
      batches: batches.map((batch) => ({
        ...batch,
        packedIds: sliceOf(packedIds, batch.first - first, batch.size),
      })),
      next: end < countBatches(ingestion, this.batchSizeOf(ingestion.lane)) ? end : null,
    };
  }
}

function sliceOf(packedIds: Uint8Array, first: number, size: number): Uint8Array {
  return packedIds.subarray(first * BYTES_PER_ID, (first + size) * BYTES_PER_ID);
}

function unknown(ingestionId: string): never {
  throw new UnknownIngestionError(ingestionId);
}
