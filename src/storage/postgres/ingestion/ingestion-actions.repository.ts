import { validate } from 'uuid';
import type {
  StepResult,
  IngestionActionsRepository,
} from '../../../ingestion/actions/ingestion-actions.repository.js';
import { toRank, type Priority } from '../../../domain/priority.js';
import { cancelLocked, lockIngestion, reprioritizeLocked } from './change-ingestion.js';
import type { PostgresDatabase } from '../database/database.js';
import type { Statement } from '../database/statement.js';

/** Cancels and reprioritizes ingestions in PostgreSQL. */
export class PostgresIngestionActionsRepository implements IngestionActionsRepository {
  private readonly lockIngestion: Statement;
  private readonly cancel: Statement;
  private readonly reprioritize: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    this.lockIngestion = lockIngestion(schema);
    this.cancel = cancelLocked(schema);
    this.reprioritize = reprioritizeLocked(schema);
  }

  cancelStep(ingestionId: string, limit: number): Promise<StepResult> {
    return this.runStep(this.cancel, ingestionId, [limit]);
  }

  reprioritizeStep(ingestionId: string, priority: Priority, limit: number): Promise<StepResult> {
    return this.runStep(this.reprioritize, ingestionId, [toRank(priority), limit]);
  }

  private async runStep(
    step: Statement,
    ingestionId: string,
    values: readonly unknown[],
  ): Promise<StepResult> {
    if (!validate(ingestionId)) {
      return 'unknown';
    }
    const [, [row] = []] = await this.database.writeAll([
      { statement: this.lockIngestion, values: [ingestionId] },
      { statement: step, values: [ingestionId, ...values] },
    ]);
    if (row === undefined) {
      return 'unknown';
    }
    return row['is_over'] === true ? 'over' : row['is_more'] === true ? 'more' : 'done';
  }
}
