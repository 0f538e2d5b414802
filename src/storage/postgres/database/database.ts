import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { StoreUnavailableError } from '../../../domain/store-errors.js';
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
import { ServerPool } from './host-pool.js';
import type { PostgresOptions } from './postgres.options.js';
import type { Row, Statement, BoundStatement } from './statement.js';
import { runTransaction, type TransactionOptions } from './transaction.js';

const STATEMENT_TIMEOUT_MS = 5000;
/** The server should have answered by then: the connection is given up. */
const RESPONSE_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 1000;
const IDLE_MS = 60_000;
/** More than that many waiting for each connection are refused at once. */
const MAX_QUEUED_PER_CONNECTION = 50;
const MAX_ATTEMPTS = 5;
const BACKOFF_MS = 5;

/**
 * Buffers of up to half of it are cut from pieces of so many bytes, and each keeps all of its piece. Cut from the pieces of
 * 64 kB that Node.js makes by itself, the driver's copies of the blocks of a long list kept far more than themselves, and the
 * event loop stood still twice as long.
 */
const BUFFER_CHUNK_BYTES = 8192;

/** Connections to the store, and the one way to run statements on them. */
export class PostgresDatabase {
  private readonly pool: ServerPool;
  private readonly maxQueued: number;
  /** Given up for good when a pooler turns out to hand sessions around: then each statement is planned anew. */
  private usesNames = true;
  private isWriteFailing = false;
  private readonly hungCommits = new HungCommits((select, values) => this.read(select, values));

  constructor(options: PostgresOptions, connections: number) {
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

  /** Whether the last transaction that writes failed. */
  get hasWriteFailed(): boolean {
    return this.isWriteFailing;
  }

  /** A write on other connections has shown that the server takes writes again. */
  forgetFailedWrite(): void {
    this.isWriteFailing = false;
  }

  /** @throws StoreUnavailableError */
  async read(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const [rows = []] = await this.run([{ statement, values }], 'READ ONLY');
    return rows;
  }

  /** @throws StoreUnavailableError; an `InDoubtError` where the statement may have taken effect all the same. */
  async write(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    const [rows = []] = await this.writeAll([{ statement, values }]);
    return rows;
  }

  /** As {@link write}, with several statements in one transaction. Resolves with the rows of each. */
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
          await sleep(Math.random() * BACKOFF_MS * 2 ** attempt);
        } else {
          throw translateError(error);
        }
      }
    }
  }

  /** Nothing was kept, and another attempt may succeed: at once, or on another server. */
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

  private async checkOut(): Promise<PoolClient> {
    if (this.pool.waitingCount >= this.maxQueued) {
      throw new StoreUnavailableError(
        `PostgreSQL is busy: ${String(this.pool.waitingCount)} wait for a connection`,
      );
    }
    return this.pool.connect();
  }
}
