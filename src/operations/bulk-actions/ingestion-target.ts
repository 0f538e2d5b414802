import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../domain/audit.js';
import { isTerminal } from '../../domain/ingestion-version.js';
import type { IngestionCursor, IngestionRecord } from '../../domain/ingestion.js';
import { Runtime } from '../../domain/runtime.js';
import { IngestionActionsService } from '../../ingestion/actions/ingestion-actions.service.js';
import {
  IngestionListService,
  type IngestionListPage,
} from '../../ingestion/listing/ingestion-list.service.js';
import { toFilter } from '../../ingestion/listing/dto/ingestions.mapper.js';
import { HalfTime } from './half-time.js';
import type { BulkAction, BulkActionBound, NewBulkAction } from './bulk-action.repository.js';
import type { BulkCount, BulkStep, BulkTarget } from './bulk-target.js';

/** Ingestions that one step of the count reads. */
const COUNTED_PER_STEP = 250;
/** Ingestions that one step changes, each in a transaction of its own. */
const CHANGED_PER_STEP = 20;

type Plan = Pick<NewBulkAction, 'action' | 'filter' | 'priority' | 'bound'>;

/** Cancels ingestions and changes their priority, the newest first, each as a single request does. */
@Injectable()
export class IngestionTarget implements BulkTarget {
  constructor(
    private readonly list: IngestionListService,
    private readonly actions: IngestionActionsService,
    private readonly runtime: Runtime,
  ) {}

  async freeze(): Promise<BulkActionBound> {
    const [newest] = (await this.list.list({}, null, 1)).ingestions;
    return { upTo: newest?.seq ?? 0, newestMs: newest?.createdAtMs ?? 0 };
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

  async step(action: BulkAction, audit: AuditEntry): Promise<BulkStep> {
    const { place, priority } = action;
    const after = place === null ? startOf(action) : { createdAtMs: place.atMs, seq: place.no };
    const { ingestions, next } = await this.page(action, after, CHANGED_PER_STEP);
    const known = ingestions.filter((head) => isKnownToPlan(action, head));
    const halfTime = new HalfTime(this.runtime);
    let changed = 0;
    for (const head of known) {
      if (isChangeable(action, head)) {
        const end = await halfTime.around(() => this.actions.changeOne(head.ingestionId, priority, audit));
        changed += end === 'done' ? 1 : 0;
      }
    }
    return {
      place: next === null ? null : { atMs: next.createdAtMs, no: next.seq },
      ingestions: changed,
      skipped: known.length - changed,
      isLast: next === null,
    };
  }

  private page(plan: Plan, after: IngestionCursor | null, limit: number): Promise<IngestionListPage> {
    return this.list.list(toFilter(plan.filter, null), after, limit);
  }
}

/** Returns the cursor before the newest ingestion of the plan. */
function startOf({ bound }: Plan): IngestionCursor {
  return { createdAtMs: bound.newestMs, seq: Number.MAX_SAFE_INTEGER };
}

/** A scheduled ingestion that falls due gets a new number, so its number does not tell when it was accepted. */
function isKnownToPlan({ bound }: Plan, head: IngestionRecord): boolean {
  return head.seq <= bound.upTo || head.notBeforeMs !== null;
}

function isChangeable(plan: Plan, head: IngestionRecord): boolean {
  return (
    isKnownToPlan(plan, head) &&
    !isTerminal(head) &&
    head.cancelledAtMs === null &&
    (plan.action === 'cancel' || head.priority !== plan.priority)
  );
}
