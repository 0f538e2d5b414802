import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { ServiceStoppingError } from '../../domain/draining-error.js';
import { Clock } from '../../domain/clock.js';
import { countIds } from '../../domain/packed-ids.js';
import { ContentDigest } from '../idempotency.js';
import { type Accepted, IngestionService } from '../ingestion.service.js';
import type { Priority } from '../../domain/priority.js';
import { Rests } from './intake-throttle.js';
import { StagingStore } from './staging.repository.js';
import { TooManyIdsError, UnusableListError } from './stream-errors.js';
import { IngestionOptions } from '../ingestion.options.js';

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
    private readonly shutdownState: ShutdownState,
    private readonly clock: Clock,
    private readonly options: IngestionOptions,
  ) {}

  /** Those that there are. */
  get lanes(): readonly string[] {
    return this.ingestions.lanes;
  }

  /**
   * Resolves after the commit that queues the list.
   * @throws CallbackNotAllowedError, TooManyIdsError, UnusableListError, IdempotencyConflictError, WaitingCapError,
   * BeyondWaitingCapError, ServiceStoppingError, StoreUnavailableError, and what reading the list throws: then nothing was queued and nothing stays behind.
   */
  async accept(list: StreamedList): Promise<StreamAccepted> {
    if (this.shutdownState.isShuttingDown) {
      throw new ServiceStoppingError();
    }
    const callbackUrl = this.ingestions.checkCallback(list.callbackUrl);
    const stagingNo = await this.staging.begin(LEASE_MS, list.client);
    const renewing = setInterval(() => {
      this.staging.renew(stagingNo, LEASE_MS).catch(ignore);
    }, RENEW_EVERY_MS);
    let isQueued = false;
    try {
      const { total, ...staged } = await this.stage(stagingNo, { ...list, callbackUrl });
      const { priority, lane, client, idempotencyKey } = list;
      const accepted = await this.ingestions.acceptStaged({
        stagingNo,
        priority,
        lane,
        ...staged,
        ids: total,
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
    {
      blocks,
      priority,
      lane,
      client,
      idempotencyKey,
      callbackUrl,
      maxIds = this.options.maxStreamIds,
    }: StreamedList,
  ): Promise<{ total: number; content: Uint8Array; foundNoRoom: boolean }> {
    const content = new ContentDigest({ lane, priority, callbackUrl });
    const rests = new Rests(this.ingestions, this.clock);
    let total = 0;
    let foundNoRoom = false;
    for await (const block of blocks) {
      if (this.shutdownState.isShuttingDown) {
        throw new ServiceStoppingError();
      }
      const startMs = this.clock.monotonicMs();
      const idsBefore = total;
      total += countIds(block);
      if (total > maxIds) {
        throw new TooManyIdsError(maxIds);
      }
      content.add(block);
      if (!foundNoRoom && (await this.findsNoRoom(client, countIds(block)))) {
        foundNoRoom = true;
        await this.giveUp(stagingNo);
      }
      if (!foundNoRoom) {
        await this.staging.append(stagingNo, { packedIds: block, idsBefore }, LEASE_MS);
      } else if (!this.ingestions.mayBeReplay(idempotencyKey)) {
        break;
      }
      await nextTurn();
      await rests.take(startMs);
      await this.ingestions.giveWay();
    }
    if (total === 0) {
      throw new UnusableListError('the list holds no id');
    }
    return { total, content: content.take(), foundNoRoom };
  }

  /**
   * Lists that are still arriving count here, so that they do not fill the disk either. One that finds no room is read
   * on without being kept where it may be a list that was accepted before: only its end tells.
   */
  private async findsNoRoom(client: string | null, ids: number): Promise<boolean> {
    const { maxPendingIds } = this.options;
    if (maxPendingIds === null) {
      return false;
    }
    const { waiting, staged } = await this.staging.standingOf(client);
    return waiting + staged + ids > maxPendingIds;
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
