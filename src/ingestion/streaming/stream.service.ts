import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { ServiceStoppingError } from '../../domain/draining-error.js';
import { Clock } from '../../domain/clock.js';
import { countIds } from '../../domain/packed-ids.js';
import { ContentDigest } from '../idempotency.js';
import { type AcceptedIngestion, IngestionService } from '../ingestion.service.js';
import type { Priority } from '../../domain/priority.js';
import { IntakeThrottle } from './intake-throttle.js';
import { StagingRepository } from './staging.repository.js';
import { TooManyIdsError, InvalidListError } from './stream-errors.js';
import { IngestionOptions } from '../ingestion.options.js';

/** Renewed while its client sends, however slowly. */
const LEASE_MS = 60_000;
const RENEW_INTERVAL_MS = LEASE_MS / 4;

export interface StreamedIngestionRequest {
  /** Packed ids, ready to be staged: see `STAGING_CHUNK_IDS`. */
  readonly blocks: AsyncIterable<Uint8Array>;
  readonly priority: Priority;
  readonly lane: string;
  readonly client: string | null;
  readonly idempotencyKey: string | undefined;
  /** Where to tell that it has ended. */
  readonly callbackUrl: string | undefined;
  /** Instead of the limit of streams. */
  readonly maxIds?: number;
}

export interface StreamAccepted extends AcceptedIngestion {
  readonly total: number;
}

/** Accepts lists of any length while they arrive: staged block by block, queued as a whole at their end. */
@Injectable()
export class StreamService {
  private readonly logger = new Logger('Stream');

  constructor(
    private readonly staging: StagingRepository,
    private readonly ingestions: IngestionService,
    private readonly shutdownState: ShutdownState,
    private readonly clock: Clock,
    private readonly options: IngestionOptions,
  ) {}

  /** Those that there are. */
  get laneNames(): readonly string[] {
    return this.ingestions.laneNames;
  }

  /**
   * Resolves after the commit that queues the list.
   * @throws CallbackNotAllowedError, TooManyIdsError, InvalidListError, IdempotencyConflictError, PendingLimitExceededError,
   * ListExceedsPendingLimitError, ServiceStoppingError, StoreUnavailableError, and what reading the list throws: then nothing was queued and nothing stays behind.
   */
  async accept(list: StreamedIngestionRequest): Promise<StreamAccepted> {
    if (this.shutdownState.isShuttingDown) {
      throw new ServiceStoppingError();
    }
    const callbackUrl = this.ingestions.checkCallback(list.callbackUrl);
    const stagingNo = await this.staging.create(LEASE_MS, list.client);
    const renewing = setInterval(() => {
      this.staging.renew(stagingNo, LEASE_MS).catch(ignore);
    }, RENEW_INTERVAL_MS);
    let isQueued = false;
    try {
      const { total, ...staged } = await this.stage(stagingNo, { ...list, callbackUrl });
      const { priority, lane, client, idempotencyKey } = list;
      const acceptedIngestion = await this.ingestions.acceptStaged({
        stagingNo,
        priority,
        lane,
        ...staged,
        ids: total,
        client,
        idempotencyKey,
        callbackUrl,
      });
      isQueued = !acceptedIngestion.replayed;
      return { ...acceptedIngestion, total };
    } finally {
      clearInterval(renewing);
      if (!isQueued) {
        await this.abandon(stagingNo);
      }
    }
  }

  private async stage(
    stagingNo: number,
    {
      blocks,
      priority,
      lane,
      client,
      idempotencyKey,
      callbackUrl,
      maxIds = this.options.maxStreamIds,
    }: StreamedIngestionRequest,
  ): Promise<{ total: number; content: Uint8Array; isOverLimit: boolean }> {
    const content = new ContentDigest({ lane, priority, callbackUrl });
    const intakeThrottle = new IntakeThrottle(this.ingestions, this.clock);
    let total = 0;
    let isOverLimit = false;
    for await (const block of blocks) {
      if (this.shutdownState.isShuttingDown) {
        throw new ServiceStoppingError();
      }
      const startMs = this.clock.monotonicMs();
      const precedingIds = total;
      total += countIds(block);
      if (total > maxIds) {
        throw new TooManyIdsError(maxIds);
      }
      content.add(block);
      if (!isOverLimit && (await this.exceedsPendingLimit(client, countIds(block)))) {
        isOverLimit = true;
        await this.abandon(stagingNo);
      }
      if (!isOverLimit) {
        await this.staging.append(stagingNo, { packedIds: block, precedingIds }, LEASE_MS);
      } else if (!this.ingestions.mayBeReplay(idempotencyKey)) {
        break;
      }
      await nextTurn();
      await intakeThrottle.pauseIfContended(startMs);
      await this.ingestions.yieldToPending();
    }
    if (total === 0) {
      throw new InvalidListError('the list holds no id');
    }
    return { total, content: content.finish(), isOverLimit };
  }

  /**
   * Lists that are still arriving count here, so that they do not fill the disk either. One that finds no room is read
   * on without being kept where it may be a list that was accepted before: only its end tells.
   */
  private async exceedsPendingLimit(client: string | null, ids: number): Promise<boolean> {
    const { maxPendingIds } = this.options;
    if (maxPendingIds === null) {
      return false;
    }
    const { pending, staged } = await this.staging.pendingCounts(client);
    return pending + staged + ids > maxPendingIds;
  }

  /** Where it fails the list goes when its lease has run out. */
  private async abandon(stagingNo: number): Promise<void> {
    try {
      await this.staging.abandon(stagingNo);
    } catch (error) {
      this.logger.warn(`a list that was not accepted is removed later: ${String(error)}`);
    }
  }
}

function ignore(): void {
  // The next block learns of it.
}
