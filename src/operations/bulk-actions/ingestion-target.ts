import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../domain/audit.js';
import { isTerminal } from '../../domain/ingestion-version.js';
import type { IngestionCursor, IngestionRecord } from '../../domain/ingestion.js';
import { Runtime } from '../../domain/runtime.js';
import {
  IngestionActionsService,
  RETRIES_PER_STEP,
} from '../../ingestion/actions/ingestion-actions.service.js';
import {
  IngestionListService,
  type IngestionListPage,
} from '../../ingestion/listing/ingestion-list.service.js';
import { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { toFilter } from '../../ingestion/listing/dto/ingestions.mapper.js';
import { HalfTime } from './half-time.js';
import type {
  BulkAction,
  BulkActionBound,
  BulkActionPlace,
  BulkActionProgress,
  NewBulkAction,
} from './bulk-action.repository.js';
import type { BulkCount, BulkStep, BulkTarget, StepLease } from './bulk-target.js';

/** Ingestions that one step of the count reads. */
const COUNTED_PER_STEP = 250;
/** Ingestions that one step changes, each in a transaction of its own. */
const CHANGED_PER_STEP = 20;

/** A step ends after this time, so that its progress is stored. */
const MAX_STEP_MS = 1000;

type Progress = { -readonly [K in keyof BulkActionProgress]: BulkActionProgress[K] };

/** A step that is running, and its progress so far. */
interface BegunStep {
  readonly action: BulkAction;
  readonly audit: AuditEntry;
  readonly lease: StepLease;
  readonly progress: Progress;
}

type Plan = Pick<NewBulkAction, 'action' | 'filter' | 'priority' | 'bound'>;

/** Cancels ingestions and changes their priority, the newest first, each as a single request does. */
@Injectable()
export class IngestionTarget implements BulkTarget {
  private readonly halfTime: HalfTime;

  constructor(
    private readonly list: IngestionListService,
    private readonly ingestions: IngestionRepository,
    private readonly actions: IngestionActionsService,
    private readonly runtime: Runtime,
  ) {
    this.halfTime = new HalfTime(runtime);
  }

  async freeze(): Promise<BulkActionBound> {
    const upTo = await this.ingestions.latestNumber();
    const [newest] = (await this.list.list({}, null, 1)).ingestions;
    return { upTo, newestMs: newest?.createdAtMs ?? 0 };
  }

  async count(plan: Plan): Promise<BulkCount> {
    let ingestions = 0;
    let ids = 0;
    let after: IngestionCursor | null = startOf(plan);
    do {
      const page: IngestionListPage = await this.page(plan, after, COUNTED_PER_STEP);
      for (const head of page.ingestions.filter((one) => isChangeable(plan, one))) {
        ingestions += 1;
        ids += head.total - head.completed - head.failed - head.cancelled;
      }
      after = page.next;
      await this.runtime.nextTurn();
    } while (after !== null);
    return { ingestions, ids };
  }

  async step(action: BulkAction, audit: AuditEntry, lease: StepLease): Promise<BulkStep> {
    const progress: Progress = { place: action.place, ingestions: 0, skipped: 0 };
    try {
      return await this.run({ action, audit, lease, progress });
    } finally {
      this.actions.notifyChanges();
    }
  }

  private async run(begun: BegunStep): Promise<BulkStep> {
    const { action, lease, progress } = begun;
    const unfinished = action.place?.unfinished;
    if (unfinished !== undefined && action.place !== null) {
      const { atMs, no } = action.place;
      if (!(await this.changeOne(begun, unfinished, { atMs, no }))) {
        return { ...progress, isLast: false };
      }
    }
    const { place } = progress;
    const after = place === null ? startOf(action) : { createdAtMs: place.atMs, listedSeq: place.no };
    const { ingestions, next } = await this.page(action, after, CHANGED_PER_STEP);
    const untilMs = this.runtime.monotonicMs() + MAX_STEP_MS;
    for (const head of ingestions) {
      if (
        this.runtime.monotonicMs() > untilMs ||
        !(await lease.renew()) ||
        !(await this.change(begun, head))
      ) {
        return { ...progress, isLast: false };
      }
    }
    return { ...progress, place: next === null ? null : toPlace(next), isLast: next === null };
  }

  /** Changes an ingestion that was found, if it can be changed. Resolves with false if the step must end before it is done. */
  private async change(begun: BegunStep, head: IngestionRecord): Promise<boolean> {
    const { action, lease, progress } = begun;
    const place = toPlace(head);
    if (!isChangeable(action, head)) {
      progress.skipped += isKnownToPlan(action, head) ? 1 : 0;
      progress.place = place;
      return true;
    }
    const { ingestionId } = head;
    if (mayTakeSeveralSteps(head)) {
      progress.place = { ...place, unfinished: ingestionId };
      const isHeld = await lease.keep(progress);
      Object.assign(progress, { ingestions: 0, skipped: 0 });
      if (!isHeld) {
        return false;
      }
    }
    return this.changeOne(begun, ingestionId, place);
  }

  private async changeOne(
    { action: { priority }, audit, lease, progress }: BegunStep,
    ingestionId: string,
    place: BulkActionPlace,
  ): Promise<boolean> {
    const end = await this.actions.changeOne(ingestionId, priority, audit, async (step) =>
      (await lease.renew()) ? this.halfTime.around(step) : null,
    );
    if (end === 'more') {
      progress.place = { ...place, unfinished: ingestionId };
      return false;
    }
    progress[end === 'done' ? 'ingestions' : 'skipped'] += 1;
    progress.place = place;
    return true;
  }

  private page(plan: Plan, after: IngestionCursor | null, limit: number): Promise<IngestionListPage> {
    return this.list.list(toFilter(plan.filter, null), after, limit);
  }
}

/** Returns the cursor before the newest ingestion of the plan. */
function startOf({ bound }: Plan): IngestionCursor {
  return { createdAtMs: bound.newestMs, listedSeq: Number.MAX_SAFE_INTEGER };
}

function toPlace({ createdAtMs, listedSeq }: IngestionCursor): BulkActionPlace {
  return { atMs: createdAtMs, no: listedSeq };
}

/** An ingestion with so many retries is changed in several transactions. */
function mayTakeSeveralSteps({ dispatched, completed, failed }: IngestionRecord): boolean {
  return dispatched - completed - failed >= RETRIES_PER_STEP;
}

/** Returns true if the ingestion existed when the action was planned. */
function isKnownToPlan({ bound }: Plan, { listedSeq }: IngestionRecord): boolean {
  return listedSeq <= bound.upTo;
}

function isChangeable(plan: Plan, head: IngestionRecord): boolean {
  return (
    isKnownToPlan(plan, head) &&
    !isTerminal(head) &&
    head.cancelledAtMs === null &&
    (plan.action === 'cancel' || head.priority !== plan.priority)
  );
}
