import type { Runtime } from '../../../domain/runtime.js';
import type { LaneId } from '../database/lane-ids.js';
import type { PostgresDatabase } from '../database/database.js';
import type { ServerClock } from '../database/server-clock.js';
import { releaseInDoubt } from './release.js';

const RETRY_INTERVAL_MS = 50;

/**
 * The dispatches of a lane that may be claimed but were never started, because a statement failed. Only this process
 * knows them, so it releases them itself, without waiting for the end of their leases.
 */
export class UnconfirmedClaims {
  private readonly dispatchIds = new Set<string>();
  private readonly toSteps: ReturnType<typeof releaseInDoubt>;
  private isReleasing = false;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly laneId: LaneId,
    private readonly runtime: Runtime,
    private readonly serverClock: ServerClock,
  ) {
    this.toSteps = releaseInDoubt(schema);
  }

  /** Adds dispatches, and releases them as soon as the store answers: later ids would be sent before theirs. */
  add(dispatchIds: readonly string[]): void {
    for (const dispatchId of dispatchIds) {
      this.dispatchIds.add(dispatchId);
    }
    void this.releaseSoon();
  }

  /** @throws StoreUnavailableError */
  async release(): Promise<void> {
    if (this.dispatchIds.size === 0) {
      return;
    }
    const released = [...this.dispatchIds];
    const { laneNo } = this.laneId;
    const latestMs = this.serverClock.latestMs();
    await this.database.writeAll(
      released.flatMap((dispatchId) => this.toSteps(laneNo, dispatchId, latestMs)),
    );
    for (const dispatchId of released) {
      this.dispatchIds.delete(dispatchId);
    }
  }

  private async releaseSoon(): Promise<void> {
    if (this.isReleasing) {
      return;
    }
    this.isReleasing = true;
    while (this.dispatchIds.size > 0 && !this.database.isClosed) {
      await this.runtime.sleep(RETRY_INTERVAL_MS, { ref: false });
      await this.release().catch(() => undefined);
    }
    this.isReleasing = false;
  }
}
