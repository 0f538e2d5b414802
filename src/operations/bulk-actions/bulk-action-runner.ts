import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { AuditActor, AuditEntry } from '../../domain/audit.js';
import { Runtime } from '../../domain/runtime.js';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import { ShutdownState } from '../../platform/lifecycle/shutdown-state.js';
import { FailureLog } from '../../platform/logging/failure-log.js';
import { BulkActionRepository, type BulkAction, type BulkActionClaim } from './bulk-action.repository.js';
import { BulkTargets } from './bulk-targets.js';
import { HeldAction } from './held-action.js';

const POLL_INTERVAL_MS = 5_000;
/**
 * Without a renewal for this time another process goes on. A long step renews it between two changes. If a process stalls
 * for longer within a change, that change can come beside those of the other process: a cancellation and a discard are the
 * same twice, and a dead letter is redriven once.
 */
const LEASE_MS = 15_000;
/** Actions that one process runs at the same time. */
const MAX_RUNNING = 2;
/** The pause between two steps, in which other work has the store for itself. */
const PAUSE_BETWEEN_STEPS_MS = 20;

/** The actor of an action that was started without one. */
const UNKNOWN: AuditActor = { client: null, address: null, requestId: null };

/** Runs bulk actions in small steps, also those that a stopped or killed process has begun. */
@Injectable()
export class BulkActionRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('BulkActions');
  private readonly failures: FailureLog;
  private readonly claim: BulkActionClaim;
  private readonly running = new Map<string, Promise<void>>();
  private isClaiming = false;

  constructor(
    private readonly repository: BulkActionRepository,
    private readonly targets: BulkTargets,
    private readonly shutdownState: ShutdownState,
    private readonly runtime: Runtime,
  ) {
    this.claim = { owner: runtime.uuidV7(), leaseMs: LEASE_MS };
    this.failures = new FailureLog(runtime, this.logger, 'error', 'bulk actions are held up');
  }

  onApplicationBootstrap(): void {
    this.wake();
  }

  /** Waits for the steps that are running and gives up the leases. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.running.values());
    await this.repository.release(this.claim.owner).catch(() => undefined); // the leases expire
  }

  /** Looks for actions to run, without waiting for them. */
  @Interval(POLL_INTERVAL_MS)
  wake(): void {
    void this.claimAll();
  }

  private async claimAll(): Promise<void> {
    if (this.isClaiming) {
      return;
    }
    this.isClaiming = true;
    try {
      while (this.running.size < MAX_RUNNING && !this.shutdownState.isShuttingDown) {
        const action = await this.repository.claim(this.claim, [...this.running.keys()]);
        if (action === null) {
          break;
        }
        const { bulkActionId } = action;
        const run = this.run(action).finally(() => {
          this.running.delete(bulkActionId);
          this.wake();
        });
        this.running.set(bulkActionId, run);
      }
    } catch (error) {
      this.failures.failed(() => `bulk actions are not read: ${String(error)}`);
    } finally {
      this.isClaiming = false;
    }
  }

  /** Runs steps until nothing is left, the action is stopped, or another process has it. Never rejects. */
  private async run(begun: BulkAction): Promise<void> {
    const target = this.targets.of(begun.action);
    const held = new HeldAction(this.repository, this.runtime, this.shutdownState, this.claim, begun);
    let action = begun;
    try {
      while (held.isRunning) {
        const step = await target.step(action, toActEntry(action), held);
        await held.advance(step);
        this.failures.succeeded();
        if (step.isLast) {
          await (held.isHeld ? this.end(action, 'completed', null) : undefined);
          return;
        }
        action = { ...action, place: step.place };
        await this.runtime.sleep(PAUSE_BETWEEN_STEPS_MS);
      }
    } catch (error) {
      await this.fail(action, error);
    }
  }

  /** A store that is unavailable ends no action: it goes on when the store is back. */
  private async fail(action: BulkAction, error: unknown): Promise<void> {
    this.failures.failed(() => `bulk action ${action.bulkActionId}: ${String(error)}`);
    if (!(error instanceof StoreUnavailableError)) {
      await this.end(action, 'failed', String(error)).catch((again: unknown) => {
        this.failures.failed(() => `bulk action ${action.bulkActionId} was not ended: ${String(again)}`);
      });
    }
    await this.runtime
      .sleep(POLL_INTERVAL_MS / 5, { signal: this.shutdownState.signal, ref: false })
      .catch(() => undefined);
  }

  private async end(action: BulkAction, state: 'completed' | 'failed', error: string | null): Promise<void> {
    const { bulkActionId, actor, filter } = action;
    const audit: AuditEntry = {
      entryId: this.runtime.uuidV7(),
      action: 'end_bulk_action',
      actor: actor ?? UNKNOWN,
      target: bulkActionId,
      filter: { action: action.action, ...filter },
      to: state,
    };
    await this.repository.end(bulkActionId, this.claim.owner, { state, error }, audit);
    this.logger.log({
      msg: `bulk action ${bulkActionId} (${action.action}) ${state}`,
      bulk_action_id: bulkActionId,
    });
  }
}

/** Returns the entry that counts what the action changes. All steps, of any process, add to it. */
function toActEntry({ auditEntryId, action, actor, bulkActionId, filter, priority }: BulkAction): AuditEntry {
  return {
    entryId: auditEntryId,
    action,
    actor: actor ?? UNKNOWN,
    target: bulkActionId,
    filter,
    ...(priority !== null && { to: priority }),
  };
}
