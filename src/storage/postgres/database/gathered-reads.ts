import type { PostgresDatabase } from './database.js';
import type { BoundStatement, Row, Statement } from './statement.js';

/** A statement that waits for others, with the ends of its wait. */
interface WaitingRead {
  readonly step: BoundStatement;
  readonly resolve: (rows: Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Maximum number of statements in one transaction. */
const MAX_TOGETHER = 50;

/**
 * Sends statements that are asked for at the same moment in one transaction: one connection and one round trip. Each has
 * a snapshot of its own. If one fails, all of them do.
 */
export class GatheredReads {
  private readonly waiting: WaitingRead[] = [];

  constructor(private readonly database: Pick<PostgresDatabase, 'readAll'>) {}

  /** Does the same as {@link PostgresDatabase.read}. */
  async read<R = Row>(statement: Statement<R>, values: readonly unknown[] = []): Promise<R[]> {
    const rows = await new Promise<Row[]>((resolve, reject) => {
      this.waiting.push({ step: { statement, values }, resolve, reject });
      if (this.waiting.length === 1) {
        void this.sendSoon();
      }
    });
    return rows as R[];
  }

  private async sendSoon(): Promise<void> {
    await Promise.resolve(); // statements of the same pass over the microtasks go together
    while (this.waiting.length > 0) {
      void this.send(this.waiting.splice(0, MAX_TOGETHER));
    }
  }

  private async send(reads: readonly WaitingRead[]): Promise<void> {
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
