import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { countIds } from '../../domain/packed-ids.js';
import type { Acceptance, NewIngestion } from '../../domain/ingestion.js';
import type { IngestionRepository } from '../../ingestion/ingestion.repository.js';
import { PRIORITIES } from '../../domain/priority.js';
import { MetricsRegistry } from '../../platform/telemetry/metrics.registry.js';
import type { Hooks } from './instrument.js';

/** Counts accepted ingestions and ids. */
@Injectable()
export class IngestionMetrics {
  private readonly acceptances: Counter<'priority' | 'result'>;
  private readonly ids: Counter<'priority'>;
  private readonly groupSize: Histogram;

  /** Hooks into the ingestion repository. */
  readonly hooks: Hooks<IngestionRepository> = {
    acceptAll: (acceptances, group) => {
      this.count(acceptances, group);
    },
  };

  constructor({ registry }: MetricsRegistry) {
    const registers = [registry];
    this.acceptances = new Counter({
      name: 'sluice_acceptances_total',
      help: 'Submitted ingestions: accepted, replayed (answered by an earlier acceptance), conflict (its key belongs to another ingestion) or refused (too many ids of its client are pending).',
      labelNames: ['priority', 'result'],
      registers,
    });
    this.ids = new Counter({
      name: 'sluice_accepted_ids_total',
      help: 'Ids accepted.',
      labelNames: ['priority'],
      registers,
    });
    this.groupSize = new Histogram({
      name: 'sluice_commit_ingestions',
      help: 'Ingestions per commit. Its time is sluice_store_operation_seconds{operation="ingestions.accept_all"}.',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
      registers,
    });
    this.initializeToZero();
  }

  private initializeToZero(): void {
    for (const priority of PRIORITIES) {
      this.acceptances.inc({ priority, result: 'accepted' }, 0);
      this.ids.inc({ priority }, 0);
    }
  }

  private count(acceptances: readonly Acceptance[], group: readonly NewIngestion[]): void {
    this.groupSize.observe(group.length);
    acceptances.forEach(({ kind }, i) => {
      const ingestion = group[i];
      if (ingestion === undefined) {
        return;
      }
      const { priority, packedIds } = ingestion;
      this.acceptances.inc({ priority, result: kind });
      if (kind === 'accepted') {
        this.ids.inc({ priority }, countIds(packedIds));
      }
    });
  }
}
