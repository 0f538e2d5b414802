import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { defer, finalize, type Observable } from 'rxjs';
import { MetricsRegistry } from './metrics.registry.js';

const WATCH_KINDS = ['events', 'long_poll'] as const;

type WatchKind = (typeof WATCH_KINDS)[number];

/** Gauges of connections that clients keep open. */
@Injectable()
export class ConnectionMetrics {
  private readonly watchers: Gauge<'kind'>;
  private readonly streams: Gauge;

  constructor({ registry }: MetricsRegistry) {
    const registers = [registry];
    this.watchers = new Gauge({
      name: 'sluice_status_watchers',
      help: 'Clients that watch an ingestion, by server-sent events or by a long poll.',
      labelNames: ['kind'],
      registers,
    });
    this.streams = new Gauge({
      name: 'sluice_streams_under_way',
      help: 'Ingestions that are streaming to POST /ingest/stream.',
      registers,
    });
    for (const kind of WATCH_KINDS) {
      this.watchers.set({ kind }, 0);
    }
  }

  /** Counts the source as a watcher while it is subscribed. */
  trackWatcher<T>(kind: WatchKind, source: Observable<T>): Observable<T> {
    return defer(() => {
      this.watchers.inc({ kind });
      return source.pipe(
        finalize(() => {
          this.watchers.dec({ kind });
        }),
      );
    });
  }

  /** Counts a streamed ingestion until it has ended. */
  async trackStream<T>(receive: () => Promise<T>): Promise<T> {
    this.streams.inc();
    try {
      return await receive();
    } finally {
      this.streams.dec();
    }
  }
}
