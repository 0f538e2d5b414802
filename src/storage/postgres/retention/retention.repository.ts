import type { RetentionRepository } from '../../../operations/retention/retention.repository.js';
import type { PostgresDatabase } from '../database/database.js';
import { forgetClients } from '../queue/client-pending-counter.js';
import { forgetFullBuckets } from '../rate-limit/rate-limit.store.js';
import { giveUpLapsed } from '../ingestion/staged-ingestions.js';
import {
  endRemovals,
  isAnythingOver,
  removeBelongings,
  removeDeliveries,
  removeDispatches,
  removeFinished,
} from './delete-expired.js';
import type { Statement } from '../database/statement.js';

/** Retention in PostgreSQL, where autovacuum makes the room usable again. */
export class PostgresRetentionStore implements RetentionRepository {
  private readonly isAnythingOver: Statement;
  private readonly removeFinished: Statement;
  private readonly giveUpLapsed: Statement;
  private readonly removeRest: readonly Statement[];
  private readonly removeDispatches: Statement;
  private readonly removeDeliveries: Statement;
  private readonly forgetClients: Statement;
  private readonly forgetFullBuckets: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    this.isAnythingOver = isAnythingOver(schema);
    this.removeFinished = removeFinished(schema);
    this.giveUpLapsed = giveUpLapsed(schema);
    this.removeRest = [...removeBelongings(schema), endRemovals(schema)];
    this.removeDispatches = removeDispatches(schema);
    this.removeDeliveries = removeDeliveries(schema);
    this.forgetClients = forgetClients(schema);
    this.forgetFullBuckets = forgetFullBuckets(schema);
  }

  async deleteExpired(ageMs: number): Promise<boolean> {
    const [answer] = await this.database.read(this.isAnythingOver, [ageMs]);
    if (answer?.['is_over'] !== true) {
      return false;
    }
    const results = await this.database.writeAll([
      { statement: this.removeFinished, values: [ageMs] },
      { statement: this.giveUpLapsed, values: [] },
      ...this.removeRest.map((each) => ({ statement: each, values: [] })),
      { statement: this.removeDispatches, values: [ageMs] },
      { statement: this.removeDeliveries, values: [ageMs] },
      { statement: this.forgetClients, values: [] },
      { statement: this.forgetFullBuckets, values: [] },
    ]);
    return results.some(([row]) => row?.['is_more'] === true);
  }
}
