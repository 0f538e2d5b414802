import type { PostgresDatabase } from './database.js';
import type { BoundStatement, Row, Statement } from './statement.js';

/** A statement that waits for others, with the ends of its wait. */
interface WaitingRead {
  readonly step: BoundStatement;
  readonly resolve: (rows: Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends statements that are asked for at the same moment in one transaction: one connection and one round trip. Each has
 * a snapshot of its own. If one fails, all of them do.
 */
export class GatheredReads {
  private readonly waiting: WaitingRead[] = [];

  constructor(private readonly database: Pick<PostgresDatabase, 'readAll'>) {}

  /** Does the same as {@link PostgresDatabase.read}. */
  read(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ step: { statement, values }, resolve, reject });
      if (this.waiting.length === 1) {
        void this.sendNext();
      }
    });
  }

  private async sendNext(): Promise<void> {
    await Promise.resolve(); // statements of the same pass over the microtasks go together
    const reads = this.waiting.splice(0);
    try {
      const results = await this.database.readAll(reads.map(({ step }) => step));
      reads.forEach(({ resolve }, i) => {
        resolve(results[i] ?? []);
      });
    } catch (error) {
      reads.forEach(({ reject }) => {
        reject(error);
      });
    }
  }
}
