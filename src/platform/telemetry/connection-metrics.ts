import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { defer, finalize, type Observable } from 'rxjs';
import { Metrics } from './metrics.registry.js';

const WAYS_TO_WATCH = ['events', 'long_poll'] as const;

type WayToWatch = (typeof WAYS_TO_WATCH)[number];

/** What clients keep open for as long as they like. */
@Injectable()
export class ConnectionMetrics {
  private readonly watchers: Gauge<'kind'>;
  private readonly streams: Gauge;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    this.watchers = new Gauge({
      name: 'sluice_status_watchers',
      help: 'Clients that are told of a list as it goes on: by server-sent events, or by a long poll that waits.',
      labelNames: ['kind'],
      registers,
    });
    this.streams = new Gauge({
      name: 'sluice_streams_under_way',
      help: 'Lists that arrive at POST /ingest/stream.',
      registers,
    });
    for (const kind of WAYS_TO_WATCH) {
      this.watchers.set({ kind }, 0);
    }
  }

  /** The same, counted while it is subscribed. */
  watched<T>(kind: WayToWatch, source: Observable<T>): Observable<T> {
    return defer(() => {
      this.watchers.inc({ kind });
      return source.pipe(
        finalize(() => {
          this.watchers.dec({ kind });
        }),
      );
    });
  }

  /** The same, counted until it has ended. */
  async streamed<T>(receive: () => Promise<T>): Promise<T> {
    this.streams.inc();
    try {
      return await receive();
    } finally {
      this.streams.dec();
    }
  }
}
