import { Injectable } from '@nestjs/common';
import { ShutdownState } from '../platform/lifecycle/shutdown-state.js';
import { ServiceStoppingError } from '../domain/draining-error.js';
import { PriorityQueue } from '../scheduler/queue/priority-queue.js';
import { LaneRetiringError } from '../scheduler/settings/lane-settings-errors.js';
import { LaneRegistry } from '../scheduler/lanes/lane-registry.js';
import { CallbackPolicy } from '../domain/callback-policy.js';
import { GroupCommit } from './group-commit.js';
import { countIds, packIds, type Id } from '../domain/packed-ids.js';
import { buildIdempotency } from './idempotency.js';
import { REJECT_NEW, type Acceptance, type NewIngestion, type IngestionFields } from '../domain/ingestion.js';
import { IdempotencyConflictError, UnitsExceedLimitError } from '../domain/ingestion-errors.js';
import { toRank } from '../domain/priority.js';
import { toInMs } from '../domain/given-time.js';
import { Runtime } from '../domain/runtime.js';
import { IngestionRepository } from './ingestion.repository.js';
import { toPendingLimitError } from './pending-limit.js';
import { currentRequest } from '../platform/telemetry/request-context.js';
import { IngestionOptions } from './ingestion.options.js';

/** Maximum number of ids in one commit: a few milliseconds of work for the store. */
const IDS_PER_COMMIT = 100_000;
/** The fixed cost of an ingestion, expressed as a number of ids. */
const INGESTION_WEIGHT_IDS = 100;

export interface IngestionRequest extends IngestionFields {
  readonly ids: readonly Id[];
  readonly idempotencyKey: string | undefined;
}

/** An ingestion whose ids are staged. Its `callbackUrl` is the result of {@link IngestionService.checkCallback}. */
export interface StagedIngestionRequest extends IngestionFields {
  readonly stagingNo: number;
  readonly content: Uint8Array;
  readonly idempotencyKey: string | undefined;
  /** Total number of ids. If `isOverLimit`, the ids are no longer staged, and only a replay can be accepted. */
  readonly ids: number;
  readonly isOverLimit: boolean;
}

export interface AcceptedIngestion {
  readonly ingestionId: string;
  /** True if an earlier acceptance answered the request and nothing new was queued. */
  readonly replayed: boolean;
}

/** Accepts ingestions and stores them in group commits. */
@Injectable()
export class IngestionService {
  private readonly commits: GroupCommit<NewIngestion, Acceptance>;

  constructor(
    private readonly repository: IngestionRepository,
    private readonly lanes: LaneRegistry,
    private readonly queue: PriorityQueue,
    private readonly shutdownState: ShutdownState,
    private readonly options: IngestionOptions,
    private readonly callbackPolicy: CallbackPolicy,
    private readonly runtime: Runtime,
  ) {
    this.commits = new GroupCommit(
      runtime,
      (group) => this.commit(group),
      ({ packedIds }) => countIds(packedIds) + INGESTION_WEIGHT_IDS,
      IDS_PER_COMMIT,
    );
  }

  /**
   * Stores an ingestion and resolves after the commit. After an error nothing was queued.
   * @throws CallbackNotAllowedError, UnitsExceedLimitError, IdempotencyConflictError, PendingLimitExceededError,
   * ListExceedsPendingLimitError, ServiceStoppingError or StoreUnavailableError
   */
  async accept({ ids, idempotencyKey, ...given }: IngestionRequest): Promise<AcceptedIngestion> {
    if (this.shutdownState.isShuttingDown) {
      throw new ServiceStoppingError();
    }
    this.checkUnits(given);
    const fields: IngestionFields = { ...given, callbackUrl: this.checkCallback(given.callbackUrl) };
    const packedIds = packIds(ids);
    const idempotency = buildIdempotency({ ...fields, packedIds }, idempotencyKey, this.options);
    const acceptance = await this.commits.add({
      ...fields,
      ingestionId: this.runtime.uuidV7(),
      packedIds,
      ...(idempotency && { idempotency }),
      ...this.pendingLimit(),
      ...this.trace(),
    });
    return this.toAccepted(acceptance, fields.lane, ids.length);
  }

  /**
   * Queues a staged ingestion in a commit of its own: if its staging was abandoned meanwhile, no other ingestion fails.
   * After an error the ids are still staged.
   * @throws the errors of {@link accept}
   */
  async acceptStaged({
    stagingNo,
    content,
    idempotencyKey,
    ids,
    isOverLimit,
    ...fields
  }: StagedIngestionRequest): Promise<AcceptedIngestion> {
    if (!this.laneNames.includes(fields.lane)) {
      throw new LaneRetiringError(fields.lane); // it was retired while the list came in
    }
    const idempotency = buildIdempotency({ ...fields, content }, idempotencyKey, this.options);
    const [acceptance] = await this.commit([
      {
        ...fields,
        ingestionId: this.runtime.uuidV7(),
        packedIds: new Uint8Array(),
        staged: { stagingNo, ids },
        ...(idempotency && { idempotency }),
        ...(isOverLimit ? { pendingLimit: REJECT_NEW } : this.pendingLimit()),
        ...this.trace(),
      },
    ]);
    return this.toAccepted(acceptance, fields.lane, ids);
  }

  /** Number of ingestions submitted in one piece since the start. */
  get acceptedCount(): number {
    return this.commits.addedCount;
  }

  /** Lets pending acceptances go first; resolves after at most one commit. */
  yieldToPending(): Promise<void> {
    return this.commits.yieldToPending();
  }

  /**
   * Returns the normalised URL.
   * @throws CallbackNotAllowedError where the URL is not allowed
   */
  checkCallback(callbackUrl: string | undefined): string | undefined {
    return callbackUrl === undefined ? undefined : this.callbackPolicy.check(callbackUrl);
  }

  /** @throws UnitsExceedLimitError where an id costs more than a limit of the lane ever lets go */
  checkUnits({ lane, priority, units = 1 }: Pick<IngestionFields, 'lane' | 'priority' | 'units'>): void {
    const refusal = this.lanes.get(lane).options.rules?.refusalOf(units, toRank(priority)) ?? null;
    if (refusal !== null) {
      throw new UnitsExceedLimitError(lane, refusal);
    }
  }

  /** Names of all lanes that take new lists, the default lane first. */
  get laneNames(): readonly string[] {
    return this.lanes.acceptingNames;
  }

  private pendingLimit(): Pick<NewIngestion, 'pendingLimit'> {
    const { maxPendingIds } = this.options;
    return maxPendingIds === null ? {} : { pendingLimit: maxPendingIds };
  }

  private trace(): Pick<NewIngestion, 'trace'> {
    const trace = currentRequest()?.trace;
    return trace === undefined ? {} : { trace };
  }

  private notifyArrival(group: readonly NewIngestion[]): void {
    for (const lane of new Set(group.map((ingestion) => ingestion.lane))) {
      this.queue.notifyArrival(this.lanes.get(lane));
    }
  }

  private notifyScheduled(group: readonly NewIngestion[]): void {
    for (const { lane, notBefore, expiresAt } of group) {
      for (const time of [notBefore, expiresAt]) {
        if (time !== undefined) {
          this.queue.notifyScheduled(this.lanes.get(lane), toInMs(time, this.runtime.wallMs()));
        }
      }
    }
  }

  private async commit(group: readonly NewIngestion[]): Promise<Acceptance[]> {
    const acceptances = await this.repository.acceptAll(group);
    if (acceptances.some(({ kind }) => kind === 'accepted')) {
      this.notifyScheduled(group);
      this.notifyArrival(group);
    }
    return acceptances;
  }

  private toAccepted(acceptance: Acceptance | undefined, lane: string, ids: number): AcceptedIngestion {
    if (acceptance === undefined) {
      throw new Error('the commit returned no result for an ingestion');
    }
    if (acceptance.kind === 'conflict') {
      throw new IdempotencyConflictError();
    }
    if (acceptance.kind === 'refused') {
      const { maxPendingIds: cap } = this.options;
      throw toPendingLimitError({ limit: cap ?? 0, pending: acceptance.pending }, ids, this.lanes.get(lane));
    }
    return { ingestionId: acceptance.ingestionId, replayed: acceptance.kind === 'replayed' };
  }
}
