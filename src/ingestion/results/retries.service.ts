import { Injectable } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { UnknownIngestionError } from '../../domain/ingestion-errors.js';
import { BYTES_PER_ID } from '../../domain/packed-ids.js';
import { SchedulerOptions } from '../../scheduler/scheduler.options.js';
import { IngestionRepository } from '../ingestion.repository.js';
import { ResultRepository, type PendingRetry } from './result.repository.js';

/** A pending retry with its id. */
export interface IdRetry extends PendingRetry {
  /** One id in the format of `packIds`. */
  readonly packedId: Uint8Array;
  /** Wall time from which on it may be sent, in ms. */
  readonly dueAtMs: number;
}

export interface RetryList {
  /** The soonest first. */
  readonly retries: readonly IdRetry[];
  /** Attempts after which an id of the lane fails. */
  readonly maxAttempts: number;
}

/** Reads the ids of an ingestion that will be sent again. */
@Injectable()
export class RetriesService {
  constructor(
    private readonly ingestions: IngestionRepository,
    private readonly store: ResultRepository,
    private readonly options: SchedulerOptions,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns at most `limit` pending retries, the soonest first.
   * @throws UnknownIngestionError, or StoreUnavailableError where the store fails
   */
  async list(id: string, limit: number): Promise<RetryList> {
    const ingestion = await this.ingestions.findById(id);
    if (ingestion === null) {
      throw new UnknownIngestionError(id);
    }
    const { seq, ingestionId, lane } = ingestion;
    const found = await this.store.retries(seq, limit);
    const nowMs = this.clock.wallMs();
    const ranges = found.map(({ position }) => ({ seq, from: position, to: position + 1 }));
    const packedIds = found.length === 0 ? new Uint8Array() : await this.store.readIds(ingestionId, ranges);
    if (packedIds === null) {
      throw new UnknownIngestionError(id);
    }

    return {
      retries: found.map((retry, i) => ({
        ...retry,
        packedId: packedIds.subarray(i * BYTES_PER_ID, (i + 1) * BYTES_PER_ID),
        dueAtMs: nowMs + Math.max(retry.dueInMs, 0),
      })),
      maxAttempts: (this.options.lanes.find(({ name }) => name === lane) ?? this.options.lanes[0])
        .maxAttempts,
    };
  }
}
