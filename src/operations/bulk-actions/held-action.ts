import type { Clock } from '../../domain/clock.js';
import type {
  BulkAction,
  BulkActionClaim,
  BulkActionProgress,
  BulkActionRepository,
  BulkActionState,
} from './bulk-action.repository.js';
import type { StepLease } from './bulk-target.js';

/** A lease is renewed when this part of it has passed. */
const RENEWED_AFTER = 0.2;
const NO_PROGRESS = { place: null, ingestions: 0, skipped: 0 };

/** An action that this process runs, and its lease. Every method throws `StoreUnavailableError` if the store is unavailable. */
export class HeldAction implements StepLease {
  private renewedAtMs: number;
  private state: BulkActionState | null;

  constructor(
    private readonly repository: BulkActionRepository,
    private readonly clock: Clock,
    private readonly shutdown: { readonly isShuttingDown: boolean },
    private readonly claim: BulkActionClaim,
    private readonly action: Pick<BulkAction, 'bulkActionId' | 'state'>,
  ) {
    this.renewedAtMs = clock.monotonicMs();
    this.state = action.state;
  }

  /** True while the action is running and this process has it. */
  get isHeld(): boolean {
    return this.state === 'running';
  }

  /** True while this process goes on with it. */
  get isRunning(): boolean {
    return this.isHeld && !this.shutdown.isShuttingDown;
  }

  async renew(): Promise<boolean> {
    if (this.clock.monotonicMs() - this.renewedAtMs >= this.claim.leaseMs * RENEWED_AFTER) {
      await this.advance(NO_PROGRESS);
    }
    return this.isRunning;
  }

  async keep(progress: BulkActionProgress): Promise<boolean> {
    await this.advance(progress);
    return this.isRunning;
  }

  /** Adds the progress of a step and renews the lease. */
  async advance(progress: BulkActionProgress): Promise<void> {
    const renewedAtMs = this.clock.monotonicMs();
    this.state = await this.repository.advance(this.action.bulkActionId, this.claim, progress);
    this.renewedAtMs = renewedAtMs;
  }
}
