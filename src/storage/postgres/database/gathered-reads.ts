import type { PostgresDatabase } from './database.js';
import { GatheredCalls } from './gathered-calls.js';
import type { BoundStatement, Row, Statement } from './statement.js';

/** Maximum number of statements in one transaction. */
const MAX_TOGETHER = 50;

/**
 * Sends statements that are asked for at the same moment in one transaction: one connection and one round trip. Each has
 * a snapshot of its own. If one fails, all of them do.
 */
export class GatheredReads {
  private readonly calls: GatheredCalls<BoundStatement, Row[]>;

  constructor(database: Pick<PostgresDatabase, 'readAll'>) {
    this.calls = new GatheredCalls((steps) => database.readAll(steps), MAX_TOGETHER);
  }

  /** Does the same as {@link PostgresDatabase.read}. */
  async read<R = Row>(statement: Statement<R>, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.calls.add({ statement, values })) as R[];
  }
}
