import type { IngestionFields } from '../../domain/ingestion.js';
import { Injectable, Logger } from '@nestjs/common';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { ServiceStoppingError } from '../../domain/draining-error.js';
import { Runtime } from '../../domain/runtime.js';
import { countIds } from '../../domain/packed-ids.js';
import { ContentDigest, isIdempotent } from '../idempotency.js';
import { type AcceptedIngestion, IngestionService } from '../ingestion.service.js';
import { IntakeThrottle } from './intake-throttle.js';
import { StagingRepository } from './staging.repository.js';
import { TooManyIdsError, InvalidListError } from './stream-errors.js';
import { IngestionOptions } from '../ingestion.options.js';

/** The staging lease; it is renewed while the client sends, however slowly. */
const LEASE_MS = 60_000;
const RENEW_INTERVAL_MS = LEASE_MS / 4;

export interface StreamedIngestionRequest extends IngestionFields {
  /** Packed ids, ready to be staged: see `STAGING_CHUNK_IDS`. */
  readonly blocks: AsyncIterable<Uint8Array>;
  readonly idempotencyKey: string | undefined;
  /** Replaces the limit of streamed ingestions. */
  readonly maxIds?: number;
}

export interface StreamAccepted extends AcceptedIngestion {
  readonly total: number;
}

/** Accepts ingestions of any length while they arrive: stages them block by block and queues the whole at the end. */
@Injectable()
export class StreamService {
  private readonly logger = new Logger('Stream');

  constructor(
    private readonly staging: StagingRepository,
    private readonly ingestions: IngestionService,
    private readonly shutdownState: ShutdownState,
    private readonly runtime: Runtime,
    private readonly options: IngestionOptions,
  ) {}

  /** Names of all configured lanes, the default lane first. */
  get laneNames(): readonly string[] {
    return this.ingestions.laneNames;
  }

  /**
   * Resolves after the commit that queues the ingestion. After an error nothing was queued and nothing stays staged.
   * @throws CallbackNotAllowedError, UnitsExceedLimitError, TooManyIdsError, InvalidListError, IdempotencyConflictError,
   * PendingLimitExceededError, ListExceedsPendingLimitError, ServiceStoppingError, StoreUnavailableError, and any error
   * of `blocks`
   */
  async accept({
    blocks,
    idempotencyKey,
    maxIds = this.options.maxStreamIds,
    ...given
  }: StreamedIngestionRequest): Promise<StreamAccepted> {
    if (this.shutdownState.isShuttingDown) {
      throw new ServiceStoppingError();
    }
    this.ingestions.checkUnits(given);
    const fields: IngestionFields = {
      ...given,
      callbackUrl: this.ingestions.checkCallback(given.callbackUrl),
    };
    const stagingNo = await this.staging.create(LEASE_MS, fields.client);
    const renewing = this.runtime.setInterval(() => {
      this.staging.renew(stagingNo, LEASE_MS).catch(ignore);
    }, RENEW_INTERVAL_MS);
    let isQueued = false;
    try {
      const { total, ...staged } = await this.stage(stagingNo, {
        ...fields,
        blocks,
        idempotencyKey,
        maxIds,
      });
      const acceptedIngestion = await this.ingestions.acceptStaged({
        ...fields,
        ...staged,
        stagingNo,
        ids: total,
        idempotencyKey,
      });
      isQueued = !acceptedIngestion.replayed;
      return { ...acceptedIngestion, total };
    } finally {
      this.runtime.clearInterval(renewing);
      if (!isQueued) {
        await this.abandon(stagingNo);
      }
    }
  }

  private async stage(
    stagingNo: number,
    { blocks, idempotencyKey, maxIds, ...fields }: StreamedIngestionRequest & { readonly maxIds: number },
  ): Promise<{ total: number; content: Uint8Array; isOverLimit: boolean }> {
    const content = new ContentDigest(fields);
    const intakeThrottle = new IntakeThrottle(this.ingestions, this.runtime);
    let total = 0;
    let isOverLimit = false;
    for await (const block of blocks) {
      if (this.shutdownState.isShuttingDown) {
        throw new ServiceStoppingError();
      }
      const startMs = this.runtime.monotonicMs();
      const precedingIds = total;
      total += countIds(block);
      if (total > maxIds) {
        throw new TooManyIdsError(maxIds);
      }
      content.add(block);
      if (!isOverLimit && (await this.exceedsPendingLimit(fields.client, countIds(block)))) {
        isOverLimit = true;
        await this.abandon(stagingNo);
      }
      if (!isOverLimit) {
        await this.staging.append(stagingNo, { packedIds: block, precedingIds }, LEASE_MS);
      } else if (!isIdempotent(idempotencyKey, this.options)) {
        break;
      }
      await this.runtime.nextTurn();
      await intakeThrottle.pauseIfContended(startMs);
      await this.ingestions.yieldToPending();
    }
    if (total === 0) {
      throw new InvalidListError('the list holds no id');
    }
    return { total, content: content.finish(), isOverLimit };
  }

  /**
   * Returns true if the block exceeds the pending limit. Staged ids count too, so that they do not fill the disk. If
   * the ingestion may be a replay, it is then read to its end without being stored, because only its full digest can
   * tell.
   */
  private async exceedsPendingLimit(client: string | null, ids: number): Promise<boolean> {
    const { maxPendingIds } = this.options;
    if (maxPendingIds === null) {
      return false;
    }
    const { pending, staged } = await this.staging.pendingCounts(client);
    return pending + staged + ids > maxPendingIds;
  }

  /** Abandons the staging. If this fails, the staging is removed when its lease has expired. */
  private async abandon(stagingNo: number): Promise<void> {
    try {
      await this.staging.abandon(stagingNo);
    } catch (error) {
      this.logger.warn(
        `an ingestion that was not accepted is removed when its lease expires: ${String(error)}`,
      );
    }
  }
}

function ignore(): void {
  // The next block reports the failure.
}
