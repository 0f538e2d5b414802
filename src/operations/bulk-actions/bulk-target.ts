import type { AuditEntry } from '../../domain/audit.js';
import type {
  BulkAction,
  BulkActionBound,
  BulkActionKind,
  BulkActionProgress,
  NewBulkAction,
} from './bulk-action.repository.js';

/** The numbers of a plan. */
export interface BulkCount {
  readonly ingestions: number;
  readonly ids: number;
}

/** One step of a bulk action. */
export interface BulkStep extends BulkActionProgress {
  /** True if nothing is left after this step. */
  readonly isLast: boolean;
}

/** The lease under which a step runs. */
export interface StepLease {
  /**
   * Renews the lease if that is due. Resolves with false if the step must end before its next change: another process has
   * the action, it was stopped, or this process shuts down.
   */
  renew(): Promise<boolean>;

  /** Adds progress before the step has ended, and renews the lease. Resolves as {@link renew}. */
  keep(progress: BulkActionProgress): Promise<boolean>;
}

/** Reads and changes the things that a bulk action selects: ingestions or dead letters. */
export interface BulkTarget {
  /** Resolves with the bound of what exists now. */
  freeze(): Promise<BulkActionBound>;

  /** Counts what the action would change, in steps between which other requests are served. */
  count(plan: Pick<NewBulkAction, 'action' | 'filter' | 'priority' | 'bound'>): Promise<BulkCount>;

  /**
   * Changes the next few that match after `action.place`. A repeated step changes nothing twice, and a step that a crash
   * has interrupted is finished when it is repeated.
   */
  step(action: BulkAction, audit: AuditEntry, lease: StepLease): Promise<BulkStep>;
}

/** Returns true if the action changes dead letters, otherwise it changes ingestions. */
export function isOfDeadLetters(action: BulkActionKind): boolean {
  return action === 'redrive' || action === 'discard';
}
