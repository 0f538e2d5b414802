import { StoreUnavailableError } from '../../../domain/store-errors.js';
import type { Settlement } from '../../../scheduler/queue/queue.repository.js';
import type { PostgresDatabase } from '../database/database.js';
import { InDoubtError } from '../database/postgres-errors.js';
import type { ClaimedParts } from '../../shared/claimed-parts.js';
import { SettleCompleted, type ClaimedPart } from './settle-completed.js';
import { SettleDispatches, toSettlement } from './settle.js';

/** Records the outcomes of dispatches. */
export class Settlements {
  private readonly general: SettleDispatches;
  private readonly completed: SettleCompleted;
  /** Dispatches whose settlement is in doubt: it may be recorded. The caller retries until it is certain. */
  private readonly inDoubt = new Set<string>();

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly claimedParts: ClaimedParts<ClaimedPart>,
  ) {
    this.general = new SettleDispatches(schema);
    this.completed = new SettleCompleted(schema, claimedParts);
  }

  /**
   * Implements `QueueRepository.settle`. Only this process settles its dispatches: if the response to a COMMIT was lost and
   * a dispatch is settled, this process settled it.
   * @param latestMs the latest possible server time according to this process; null if unknown
   */
  async settle(settlements: readonly Settlement[], latestMs: number | null): Promise<readonly boolean[]> {
    try {
      const settled = await this.settleOnce(settlements, latestMs);
      this.claimedParts.forget(settlements.map(({ dispatch }) => dispatch));
      return settlements.map(({ dispatch: { dispatchId } }, i) => {
        const wasInDoubt = this.inDoubt.delete(dispatchId);
        return settled[i] === 'settled now' || (wasInDoubt && settled[i] === 'settled before');
      });
    } catch (error) {
      // The others may be recorded also if one of them has a wrong number of outcomes.
      if (error instanceof InDoubtError || !(error instanceof StoreUnavailableError)) {
        for (const { dispatch } of settlements) {
          this.inDoubt.add(dispatch.dispatchId);
        }
      }
      throw error;
    }
  }

  private async settleOnce(
    settlements: readonly Settlement[],
    latestMs: number | null,
  ): Promise<readonly ReturnType<typeof toSettlement>[]> {
    const completion = this.completed.bind(settlements);
    if (completion !== null) {
      const [row] = await this.database.write(completion.statement, completion.values);
      if (row !== undefined) {
        return settlements.map(() => 'settled now');
      }
    }
    const { statement, values } = this.general.bind(settlements, latestMs);
    const rows = await this.database.write(statement, values);
    return settlements.map((settlement, i) => toSettlement(rows[i], settlement));
  }
}
