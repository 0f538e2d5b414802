import type { RetentionRepository } from '../../../operations/retention/retention.repository.js';
import type { PostgresDatabase } from '../database/database.js';
import { deleteIdleClients } from '../queue/client-pending-counter.js';
import { deleteFullBuckets } from '../rate-limit/rate-limit.store.js';
import { abandonExpired } from '../ingestion/staged-ingestions.js';
import {
  deleteEndedRemovals,
  hasExpired,
  deleteDependentRows,
  deleteDeliveries,
  deleteDispatches,
  deleteFinished,
} from './delete-expired.js';
import type { Statement } from '../database/statement.js';

/** Removes expired data from PostgreSQL, where autovacuum makes the space reusable. */
export class PostgresRetentionRepository implements RetentionRepository {
  private readonly hasExpired: Statement;
  private readonly removeFinished: Statement;
  private readonly abandonExpired: Statement;
  private readonly removeRest: readonly Statement[];
  private readonly removeDispatches: Statement;
  private readonly removeDeliveries: Statement;
  private readonly forgetClients: Statement;
  private readonly forgetFullBuckets: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    this.hasExpired = hasExpired(schema);
    this.removeFinished = deleteFinished(schema);
    this.abandonExpired = abandonExpired(schema);
    this.removeRest = [...deleteDependentRows(schema), deleteEndedRemovals(schema)];
    this.removeDispatches = deleteDispatches(schema);
    this.removeDeliveries = deleteDeliveries(schema);
    this.forgetClients = deleteIdleClients(schema);
    this.forgetFullBuckets = deleteFullBuckets(schema);
  }

  async deleteExpired(ageMs: number): Promise<boolean> {
    const [answer] = await this.database.read(this.hasExpired, [ageMs]);
    if (answer?.['is_over'] !== true) {
      return false;
    }
    const results = await this.database.writeAll([
      { statement: this.removeFinished, values: [ageMs] },
      { statement: this.abandonExpired, values: [] },
      ...this.removeRest.map((each) => ({ statement: each, values: [] })),
      { statement: this.removeDispatches, values: [ageMs] },
      { statement: this.removeDeliveries, values: [ageMs] },
      { statement: this.forgetClients, values: [] },
      { statement: this.forgetFullBuckets, values: [] },
    ]);
    return results.some(([row]) => row?.['is_more'] === true);
  }
}
