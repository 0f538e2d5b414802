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

/** Reads and changes the things that a bulk action selects: ingestions or dead letters. */
export interface BulkTarget {
  /** Resolves with the bound of what exists now. */
  freeze(): Promise<BulkActionBound>;

  /** Counts what the action would change, in steps between which other requests are served. */
  count(plan: Pick<NewBulkAction, 'action' | 'filter' | 'priority' | 'bound'>): Promise<BulkCount>;

  /** Changes the next few that match after `action.place`; a repeated step changes nothing twice. */
  step(action: BulkAction, audit: AuditEntry): Promise<BulkStep>;
}

/** Returns true if the action changes dead letters, otherwise it changes ingestions. */
export function isOfDeadLetters(action: BulkActionKind): boolean {
  return action === 'redrive' || action === 'discard';
}
