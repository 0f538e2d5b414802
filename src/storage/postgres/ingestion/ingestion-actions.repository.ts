import { validate } from 'uuid';
import type {
  StepResult,
  IngestionActionsRepository,
} from '../../../ingestion/actions/ingestion-actions.repository.js';
import { toRank, type Priority } from '../../../domain/priority.js';
import { cancelHeld, holdIngestion, reprioritiseHeld } from './change-ingestion.js';
import type { PostgresDatabase } from '../database/database.js';
import type { Statement } from '../database/statement.js';

/** Control of ingestions in PostgreSQL. */
export class PostgresControlStore implements IngestionActionsRepository {
  private readonly hold: Statement;
  private readonly cancel: Statement;
  private readonly reprioritise: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    this.hold = holdIngestion(schema);
    this.cancel = cancelHeld(schema);
    this.reprioritise = reprioritiseHeld(schema);
  }

  cancelStep(ingestionId: string, limit: number): Promise<StepResult> {
    return this.take(this.cancel, ingestionId, [limit]);
  }

  reprioritizeStep(ingestionId: string, priority: Priority, limit: number): Promise<StepResult> {
    return this.take(this.reprioritise, ingestionId, [toRank(priority), limit]);
  }

  private async take(step: Statement, ingestionId: string, values: readonly unknown[]): Promise<StepResult> {
    if (!validate(ingestionId)) {
      return 'unknown';
    }
    const [, [row] = []] = await this.database.writeAll([
      { statement: this.hold, values: [ingestionId] },
      { statement: step, values: [ingestionId, ...values] },
    ]);
    if (row === undefined) {
      return 'unknown';
    }
    return row['is_over'] === true ? 'over' : row['is_more'] === true ? 'more' : 'done';
  }
}
