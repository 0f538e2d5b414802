import { Injectable } from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS, toBytes, toLimit } from '../platform/config/units.js';

/** Holds the options of intake. */
@Injectable()
export class IngestionOptions {
  /** Time in which a repeated request returns the same ingestion; 0 disables idempotency. */
  readonly idempotencyWindowMs: number;
  /** If true, equal requests without an Idempotency-Key return the same ingestion. */
  readonly idempotencyByContent: boolean;
  readonly maxIdsPerRequest: number;
  readonly maxStreamIds: number;
  /** The most bytes of a streamed ingestion, counted after they are unpacked. */
  readonly maxStreamBytes: number;
  /** Maximum number of pending ids per client; null means no limit. */
  readonly maxPendingIds: number | null;

  constructor({ variables }: Configuration) {
    this.idempotencyWindowMs = variables.IDEMPOTENCY_WINDOW_SECONDS * SECOND_MS;
    this.idempotencyByContent = variables.IDEMPOTENCY_BY_CONTENT;
    this.maxIdsPerRequest = variables.MAX_IDS_PER_REQUEST;
    this.maxStreamIds = variables.MAX_STREAM_IDS;
    this.maxStreamBytes = toBytes(variables.STREAM_LIMIT);
    this.maxPendingIds = toLimit(variables.MAX_WAITING_IDS);
  }
}
