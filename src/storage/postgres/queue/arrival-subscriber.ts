import { Logger } from '@nestjs/common';
import type { Client } from 'pg';
import { Subject, type Observable } from 'rxjs';
import { FailureLog } from '../../../platform/logging/failure-log.js';
import { toChannel } from './arrival-notifier.js';
import { connectClient } from '../database/connect.js';
import { messageOf } from '../database/postgres-errors.js';
import { quoteIdentifier, type PostgresOptions } from '../database/postgres.options.js';
import type { Runtime, Timer } from '../../../domain/runtime.js';

const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 10_000;

/**
 * Receives notifications of ids accepted by other processes, on a connection of its own. It reconnects by itself with
 * growing delays; meanwhile the processor's interval finds new ids, at most a second later.
 */
export class ArrivalSubscriber {
  private readonly failures: FailureLog;
  private readonly subject = new Subject<void>();
  private client: Client | undefined;
  private timer: Timer | undefined;
  private backoffMs = MIN_BACKOFF_MS;
  private isClosed = false;

  constructor(
    private readonly options: PostgresOptions,
    private readonly runtime: Runtime,
  ) {
    this.failures = new FailureLog(runtime, new Logger('PostgreSQL'), 'warn', 'not listening for arrivals');
  }

  get arrivals(): Observable<void> {
    return this.subject;
  }

  start(): void {
    void this.listen();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.runtime.clearTimeout(this.timer);
    this.subject.complete();
    await this.client?.end().catch(() => undefined);
  }

  private async listen(): Promise<void> {
    try {
      const client = await connectClient(this.options);
      this.client = client;
      client.once('end', () => {
        this.listenLater();
      });
      client.on('error', (error) => {
        this.failures.failed(() => `not listening for arrivals, trying again: ${messageOf(error)}`);
      });
      client.on('notification', () => {
        this.subject.next();
      });
      await this.hear(client);
    } catch {
      this.listenLater();
    }
  }

  private async hear(client: Client): Promise<void> {
    try {
      if (this.isClosed) {
        await client.end();
        return;
      }
      await client.query(`LISTEN ${quoteIdentifier(toChannel(this.options.schema))}`);
      this.backoffMs = MIN_BACKOFF_MS;
      this.failures.succeeded();
      // Notifications sent before LISTEN were missed.
      this.subject.next();
    } catch {
      await client.end().catch(() => undefined);
    }
  }

  private listenLater(): void {
    if (!this.isClosed) {
      this.timer = this.runtime.setTimeout(() => {
        void this.listen();
      }, this.backoffMs);
      this.backoffMs = Math.min(this.backoffMs * 2, MAX_BACKOFF_MS);
    }
  }
}
