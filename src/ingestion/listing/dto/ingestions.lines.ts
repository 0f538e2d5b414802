import type { IngestionRecord } from '../../../domain/ingestion.js';
import { formatLabel } from '../../../domain/labels.js';
import { toCsvRow } from '../../../platform/http/csv-row.js';
import { toSummary } from './ingestions.mapper.js';

/** The first line of the CSV export; columns are only ever added at the end. */
export const CSV_HEADER = toCsvRow([
  'ingestion_id',
  'status',
  'priority',
  'lane',
  'client',
  'labels',
  'total',
  'yet_to_start',
  'in_flight',
  'completed',
  'failed',
  'cancelled',
  'percent',
  'created_at',
  'last_updated_at',
  'not_before',
  'expires_at',
]);

/** Writes ingestions as lines of CSV without the header; labels are `name=value`, separated by spaces. */
export function toCsvLines(ingestions: readonly IngestionRecord[]): string {
  return ingestions.map((record) => toCsvLine(record)).join('');
}

/** Writes ingestions as lines of JSON, each as an item of a listing. */
export function toNdjsonLines(ingestions: readonly IngestionRecord[]): string {
  return ingestions.map((record) => `${JSON.stringify(toSummary(record))}\n`).join('');
}

function toCsvLine(record: IngestionRecord): string {
  const { progress, ...summary } = toSummary(record);
  return toCsvRow([
    summary.ingestion_id,
    summary.status,
    summary.priority,
    summary.lane,
    summary.client,
    Object.entries(summary.labels ?? {})
      .map(formatLabel)
      .join(' '),
    progress.total,
    progress.yet_to_start,
    progress.in_flight,
    progress.completed,
    progress.failed,
    progress.cancelled,
    progress.percent,
    summary.created_at,
    summary.last_updated_at,
    summary.not_before,
    summary.expires_at,
  ]);
}
