import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { Drain } from '../../lifecycle/drain.js';
import { DrainingError } from '../../lifecycle/draining-error.js';
import { countIds } from '../id-list.js';
import { ContentDigest } from '../idempotency.js';
import type { Accepted, IngestionService } from '../ingestion.service.js';
import type { Priority } from '../priority.js';
import type { StagingStore } from './staging.store.js';
import { TooManyIdsError, UnusableListError } from './stream-errors.js';

/** Renewed while its client sends, however slowly. */
const LEASE_MS = 60_000;
const RENEW_EVERY_MS = LEASE_MS / 4;

export interface StreamedList {
  /** Packed ids, ready to be staged: see `STAGED_BY`. */
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

export interface StreamAccepted extends Accepted {
  readonly total: number;
}

/** Accepts lists of any length while they arrive: staged block by block, queued as a whole at their end. */
@Injectable()
export class StreamService {
  private readonly logger = new Logger('Stream');

  constructor(
    private readonly staging: StagingStore,
    private readonly ingestions: IngestionService,
    private readonly drain: Drain,
    private readonly maxIds: number,
  ) {}

  /** Those that there are. */
  get lanes(): readonly string[] {
    return this.ingestions.lanes;
  }

  /**
   * Resolves after the commit that queues the list.
   * @throws CallbackRefusedError, TooManyIdsError, UnusableListError, IdempotencyConflictError, DrainingError, StoreUnavailableError, and what
   * reading the list throws: then nothing was queued and nothing stays behind.
   */
  async accept(list: StreamedList): Promise<StreamAccepted> {
    if (this.drain.isDraining) {
      throw new DrainingError();
    }
    const callbackUrl = this.ingestions.checkCallback(list.callbackUrl);
    const stagingNo = await this.staging.begin(LEASE_MS);
    const renewing = setInterval(() => {
      this.staging.renew(stagingNo, LEASE_MS).catch(ignore);
    }, RENEW_EVERY_MS);
    let isQueued = false;
    try {
      const { total, content } = await this.stage(stagingNo, { ...list, callbackUrl });
      const { priority, lane, client, idempotencyKey } = list;
      const accepted = await this.ingestions.acceptStaged({
        stagingNo,
        priority,
        lane,
        content,
        client,
        idempotencyKey,
        callbackUrl,
      });
      isQueued = !accepted.replayed;
      return { ...accepted, total };
    } finally {
      clearInterval(renewing);
      if (!isQueued) {
        await this.giveUp(stagingNo);
      }
    }
  }

  private async stage(
    stagingNo: number,
    { blocks, priority, lane, callbackUrl, maxIds = this.maxIds }: StreamedList,
  ): Promise<{ total: number; content: Uint8Array }> {
    const content = new ContentDigest({ lane, priority, callbackUrl });
    let total = 0;
    for await (const block of blocks) {
      if (this.drain.isDraining) {
        throw new DrainingError();
      }
      total += countIds(block);
      if (total > maxIds) {
        throw new TooManyIdsError(maxIds);
      }
      content.add(block);
      await this.staging.append(stagingNo, block, LEASE_MS);
      await nextTurn();
    }
    if (total === 0) {
      throw new UnusableListError('the list holds no id');
    }
    return { total, content: content.take() };
  }

  /** Where it fails the list goes when its lease has run out. */
  private async giveUp(stagingNo: number): Promise<void> {
    try {
      await this.staging.giveUp(stagingNo);
    } catch (error) {
      this.logger.warn(`a list that was not accepted is removed later: ${String(error)}`);
    }
  }
}

function ignore(): void {
  // The next block learns of it.
}
