import { Injectable } from '@nestjs/common';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS, toLimit } from '../platform/config/units.js';

/** Options of intake. */
@Injectable()
export class IngestionOptions {
  /** How long a repeated request gives the same ingestion; 0 turns idempotency off. */
  readonly idempotencyWindowMs: number;
  /** Equal requests without an Idempotency-Key give the same ingestion. */
  readonly idempotencyByContent: boolean;
  readonly maxIdsPerRequest: number;
  readonly maxStreamIds: number;
  /** Pending ids of one client; null sets no limit. */
  readonly maxPendingIds: number | null;

  constructor({ variables }: Configuration) {
    this.idempotencyWindowMs = variables.IDEMPOTENCY_WINDOW_SECONDS * SECOND_MS;
    this.idempotencyByContent = variables.IDEMPOTENCY_BY_CONTENT;
    this.maxIdsPerRequest = variables.MAX_IDS_PER_REQUEST;
    this.maxStreamIds = variables.MAX_STREAM_IDS;
    this.maxPendingIds = toLimit(variables.MAX_WAITING_IDS);
  }
}
