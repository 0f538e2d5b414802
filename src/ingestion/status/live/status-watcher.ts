import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Observable, type Subscription } from 'rxjs';
import { FailureLog } from '../../../platform/logging/failure-log.js';
import { DispatchEvents } from '../../../scheduler/dispatch/dispatch-events.js';
import { UnknownIngestionError } from '../../../domain/ingestion-errors.js';
import type { IngestionRecord } from '../../../domain/ingestion.js';
import { Runtime } from '../../../domain/runtime.js';
import { IngestionRepository } from '../../ingestion.repository.js';
import { WatchedIngestion } from './watched-ingestion.js';

/** Interval of the poll that detects changes by other processes and missed notifications. */
const POLL_INTERVAL_MS = 1000;
/** Ingestions per read: about a millisecond of work for the store. */
const INGESTIONS_PER_STEP = 200;

/**
 * Watches ingestions for any number of subscribers: it reads those with reported changes, and all watched ones
 * periodically. One read runs at a time, so that each subscriber sees changes in order.
 */
@Injectable()
export class StatusWatcher implements OnModuleInit, OnModuleDestroy {
  private readonly failures: FailureLog;
  private readonly watched = new Map<string, WatchedIngestion>();
  private readonly queued = new Set<string>();
  private subscription: Subscription | undefined;
  private isRefreshing = false;

  constructor(
    private readonly repository: IngestionRepository,
    private readonly progress: DispatchEvents,
    private readonly runtime: Runtime,
  ) {
    this.failures = new FailureLog(runtime, new Logger('StatusWatcher'), 'warn', 'watchers are not notified');
  }

  onModuleInit(): void {
    this.subscription = this.progress.ingestionsChanged.subscribe((ingestionIds) => {
      this.enqueue(ingestionIds.filter((id) => this.watched.has(id)));
    });
  }

  /** Completes all subscriptions because the service stops; clients can reconnect to another process. */
  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
    for (const { heads } of this.watched.values()) {
      heads.complete();
    }
    this.watched.clear();
  }

  /**
   * Emits the ingestion's state soon after subscription and whenever it has changed.
   * Fails with UnknownIngestionError if it is unknown or removed; completes when the service stops.
   */
  watch(ingestionId: string): Observable<IngestionRecord> {
    const id = ingestionId.toLowerCase();
    return new Observable((watcher) => {
      const watched = this.watched.get(id) ?? new WatchedIngestion();
      this.watched.set(id, watched);
      const leave = watched.join(watcher);
      this.enqueue([id]);
      return () => {
        leave();
        if (!watched.heads.observed && this.watched.get(id) === watched) {
          this.watched.delete(id);
        }
      };
    });
  }

  @Interval(POLL_INTERVAL_MS)
  refreshAll(): void {
    this.enqueue([...this.watched.keys()]);
  }

  private enqueue(ingestionIds: readonly string[]): void {
    for (const id of ingestionIds) {
      this.queued.add(id);
    }
    if (this.queued.size > 0 && !this.isRefreshing) {
      void this.refresh();
    }
  }

  private async refresh(): Promise<void> {
    this.isRefreshing = true;
    try {
      while (this.queued.size > 0) {
        const ids = [...this.queued].slice(0, INGESTIONS_PER_STEP);
        ids.forEach((id) => this.queued.delete(id));
        this.notify(ids, await this.repository.findMany(ids));
        this.failures.succeeded();
        // The embedded store resolves without I/O, so this gives other requests a turn of the event loop.
        await this.runtime.nextTurn();
      }
    } catch (error) {
      this.queued.clear(); // the next poll reads them again
      this.failures.failed(() => `watchers are not notified, trying again: ${String(error)}`);
    } finally {
      this.isRefreshing = false;
    }
  }

  private notify(ids: readonly string[], heads: readonly IngestionRecord[]): void {
    const byId = new Map(heads.map((head) => [head.ingestionId, head]));
    for (const id of ids) {
      const head = byId.get(id);
      if (head === undefined) {
        this.watched.get(id)?.heads.error(new UnknownIngestionError(id));
        this.watched.delete(id);
      } else {
        this.watched.get(id)?.update(head);
      }
    }
  }
}
