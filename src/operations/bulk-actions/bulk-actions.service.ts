import { Injectable } from '@nestjs/common';
import type { AuditChange, AuditFields } from '../../domain/audit.js';
import type { Priority } from '../../domain/priority.js';
import { Runtime } from '../../domain/runtime.js';
import { AuditTrail } from '../../platform/telemetry/audit-trail.js';
import { BulkActionStateError, UnknownBulkActionError } from './bulk-action-errors.js';
import {
  BulkActionRepository,
  type BulkAction,
  type BulkActionKind,
  type NewBulkAction,
} from './bulk-action.repository.js';
import { BulkActionRunner } from './bulk-action-runner.js';
import { BulkTargets } from './bulk-targets.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** A plan can be started for this time. */
const PLAN_VALID_MS = 60 * MINUTE_MS;
/** An action is listed for this time after its end. */
const ENDED_KEPT_MS = 30 * DAY_MS;

/** A request for a plan. */
export interface BulkActionRequest {
  readonly action: BulkActionKind;
  readonly filter: AuditFields;
  readonly priority: Priority | null;
}

/**
 * Plans, starts and stops bulk actions; the runner runs them.
 * @throws StoreUnavailableError where the store fails
 */
@Injectable()
export class BulkActionsService {
  constructor(
    private readonly repository: BulkActionRepository,
    private readonly runner: BulkActionRunner,
    private readonly targets: BulkTargets,
    private readonly audit: AuditTrail,
    private readonly runtime: Runtime,
  ) {}

  /** Counts what the action would change, and freezes its upper bound. Changes nothing. */
  async plan({ action, filter, priority }: BulkActionRequest): Promise<BulkAction> {
    const target = this.targets.of(action);
    const bound = await target.freeze();
    const { ingestions, ids } = await target.count({ action, filter, priority, bound });
    const plan: NewBulkAction = {
      bulkActionId: this.runtime.uuidV7(),
      action,
      filter,
      priority,
      bound,
      ingestions,
      ids,
      auditEntryId: this.runtime.uuidV7(),
    };
    await this.repository.create(plan, PLAN_VALID_MS, ENDED_KEPT_MS);
    return this.find(plan.bulkActionId);
  }

  /** @throws UnknownBulkActionError */
  async find(bulkActionId: string): Promise<BulkAction> {
    const action = await this.repository.find(bulkActionId);
    if (action === null) {
      throw new UnknownBulkActionError();
    }
    return action;
  }

  /** See `BulkActionRepository.list`. */
  list(before: number | null, limit: number): Promise<BulkAction[]> {
    return this.repository.list(before, limit);
  }

  /**
   * Starts a planned action, or goes on with a stopped one. A repeated start changes nothing.
   * @throws UnknownBulkActionError
   * @throws BulkActionStateError where it has ended, or its plan has expired
   */
  async start(bulkActionId: string): Promise<BulkAction> {
    const known = await this.find(bulkActionId);
    const entry = this.audit.entry('start_bulk_action', toChange(known));
    const isStarted = await this.repository.start(known.bulkActionId, entry);
    const action = await this.find(bulkActionId);
    if (!isStarted && action.state !== 'running') {
      throw new BulkActionStateError(
        action.state === 'expired' ? 'the plan has expired: plan it again' : `the action is ${action.state}`,
      );
    }
    this.runner.wake();
    return action;
  }

  /**
   * Stops a running action. The step that is running ends. A repeated stop changes nothing.
   * @throws UnknownBulkActionError
   * @throws BulkActionStateError where it is neither running nor stopped
   */
  async stop(bulkActionId: string): Promise<BulkAction> {
    const known = await this.find(bulkActionId);
    const entry = this.audit.entry('stop_bulk_action', toChange(known));
    const isStopped = await this.repository.stop(known.bulkActionId, entry);
    const action = await this.find(bulkActionId);
    if (!isStopped && action.state !== 'stopped') {
      throw new BulkActionStateError(`the action is ${action.state}`);
    }
    return action;
  }
}

function toChange({ bulkActionId, action, filter, priority }: BulkAction): AuditChange {
  return { target: bulkActionId, filter: { action, ...filter }, ...(priority !== null && { to: priority }) };
}
