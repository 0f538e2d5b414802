import { StoreUnavailableError } from '../../../domain/store-errors.js';
import type { Runtime } from '../../../domain/runtime.js';
import { HungCommits } from './hung-commits.js';
import {
  InDoubtError,
  isConnectionUsable,
  isReadOnly,
  isSerializationConflict,
  isSessionEnd,
  isUnknownStatement,
  translateError,
} from './postgres-errors.js';
import { ServerPool, type PooledConnection } from './server-pool.js';
import type { PostgresOptions } from './postgres.options.js';
import type { Row, Statement, BoundStatement } from './statement.js';
import { runTransaction, type TransactionOptions } from './transaction.js';

const STATEMENT_TIMEOUT_MS = 5000;
/**
 * Time limit for a response. After it the connection is abandoned, because the server should have ended the statement.
 */
const RESPONSE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1000;
const IDLE_MS = 60_000;
/** Maximum number of queued requests per connection; further ones are rejected at once. */
const MAX_QUEUED_PER_CONNECTION = 50;
const MAX_ATTEMPTS = 5;
const BACKOFF_MS = 5;

/**
 * Size of the chunks from which small buffers are cut: each buffer of up to half this size keeps its whole chunk in
 * memory. With Node.js's default of 64 kB the driver's copies of the blocks of a long ingestion held far more memory
 * than their size, and the event loop was blocked twice as long.
 */
const BUFFER_CHUNK_BYTES = 8192;

/** Runs all statements on pooled connections to the store. */
export class PostgresDatabase {
  private readonly pool: ServerPool;
  private readonly maxQueued: number;
  /**
   * False once a pooler has switched sessions between statements: named statements then no longer work, and each
   * statement is planned again.
   */
  private usesNames = true;
  private isWriteFailing = false;
  private readonly hungCommits: HungCommits;

  constructor(
    options: PostgresOptions,
    connections: number,
    private readonly runtime: Runtime,
  ) {
    this.hungCommits = new HungCommits(runtime, (select, values) => this.read(select, values));
    this.maxQueued = connections * MAX_QUEUED_PER_CONNECTION;
    Buffer.poolSize = BUFFER_CHUNK_BYTES;
    this.pool = new ServerPool(options, {
      max: connections,
      idleTimeoutMillis: IDLE_MS,
      query_timeout: RESPONSE_TIMEOUT_MS,
      pipeline: true,
    });
  }

  get isClosed(): boolean {
    return this.pool.ending;
  }

  /** Returns true if the last write transaction failed. */
  get hasWriteFailed(): boolean {
    return this.isWriteFailing;
  }

  /** Clears the failure after a write on other connections has succeeded. */
  forgetFailedWrite(): void {
    this.isWriteFailing = false;
  }

  /** @throws StoreUnavailableError where the server cannot be used */
  async read<R = Row>(statement: Statement<R>, values: readonly unknown[] = []): Promise<R[]> {
    const [rows = []] = await this.readAll([{ statement, values }]);
    return rows as R[];
  }

  /** Does the same as {@link read} with several statements in one transaction. Resolves with the rows of each. */
  readAll(steps: readonly BoundStatement[]): Promise<Row[][]> {
    return this.run(steps, 'READ ONLY');
  }

  /**
   * @throws StoreUnavailableError where the server cannot be used; as an `InDoubtError` the statement may have taken
   * effect
   */
  async write<R = Row>(statement: Statement<R>, values: readonly unknown[] = []): Promise<R[]> {
    const [rows = []] = await this.writeAll([{ statement, values }]);
    return rows as R[];
  }

  /** Does the same as {@link write} with several statements in one transaction. Resolves with the rows of each. */
  async writeAll(steps: readonly BoundStatement[]): Promise<Row[][]> {
    try {
      await this.hungCommits.makeRoom();
      const results = await this.run(steps, 'READ WRITE');
      this.isWriteFailing = false;
      return results;
    } catch (error) {
      this.isWriteFailing = error instanceof StoreUnavailableError;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async run(steps: readonly BoundStatement[], mode: TransactionOptions['mode']): Promise<Row[][]> {
    for (let attempt = 1; ; attempt++) {
      const usesNames = this.usesNames;
      try {
        return await this.runOnce(steps, { mode, usesNames, statementTimeoutMs: STATEMENT_TIMEOUT_MS });
      } catch (error) {
        if (isUnknownStatement(error) && usesNames) {
          this.usesNames = false;
        } else if (attempt < MAX_ATTEMPTS && this.mayPass(error)) {
          await this.runtime.sleep(this.runtime.random() * BACKOFF_MS * 2 ** attempt);
        } else {
          throw translateError(error);
        }
      }
    }
  }

  /** Returns true if nothing was stored and another attempt may succeed, at once or on another server. */
  private mayPass(error: unknown): boolean {
    return (
      isSerializationConflict(error) || isSessionEnd(error) || (isReadOnly(error) && this.pool.hasOthers)
    );
  }

  private async runOnce(steps: readonly BoundStatement[], options: TransactionOptions): Promise<Row[][]> {
    const client = await this.checkOut();
    let isUsable = true;
    try {
      return await runTransaction(client, steps, options);
    } catch (error) {
      isUsable = isConnectionUsable(error);
      if (isReadOnly(error)) {
        this.pool.abandon(client);
      }
      if (error instanceof InDoubtError) {
        this.hungCommits.add(client);
      }
      throw error;
    } finally {
      client.release(!isUsable);
    }
  }

  private async checkOut(): Promise<PooledConnection> {
    if (this.pool.waitingCount >= this.maxQueued) {
      throw new StoreUnavailableError(
        `PostgreSQL is busy: ${String(this.pool.waitingCount)} wait for a connection`,
      );
    }
    return this.pool.connect();
  }
}
