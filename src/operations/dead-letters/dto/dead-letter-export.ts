import { unpackBigIntIds } from '../../../domain/packed-ids.js';
import { toBatchId } from '../../../domain/batch-id.js';
import { CSV_TYPE, type NDJSON_TYPE } from '../../../platform/http/media-type.js';
import { toCsvRow } from '../../../platform/http/csv-row.js';
import type { DeadLetter } from '../dead-letter.repository.js';
import { toDeadLetterView } from './dead-letter.mapper.js';

export type ExportType = typeof CSV_TYPE | typeof NDJSON_TYPE;

/** The columns of a CSV export, in their order. */
const COLUMNS: Readonly<Record<string, (letter: DeadLetter) => string | number | bigint | null | undefined>> =
  {
    id: ({ packedId }) => unpackBigIntIds(packedId)[0],
    ingestion_id: ({ ingestionId }) => ingestionId,
    batch_id: ({ ingestionId, batchNo }) => toBatchId(ingestionId, batchNo),
    position: ({ position }) => position,
    lane: ({ lane }) => lane,
    priority: ({ priority }) => priority,
    client: ({ client }) => client,
    labels: ({ labels }) => (labels === null ? null : JSON.stringify(labels)),
    died_at: ({ failedAtMs }) => new Date(failedAtMs).toISOString(),
    kind: ({ kind }) => kind,
    upstream_status: ({ upstreamStatus }) => upstreamStatus,
    message: ({ message }) => message,
    attempts: ({ attempts }) => attempts.length,
  };

/** Returns what an export begins with: the header of a CSV file (RFC 4180). */
export function exportHeader(type: ExportType): string {
  return type === CSV_TYPE ? toCsvRow(Object.keys(COLUMNS)) : '';
}

/** Returns one line for each dead letter. */
export function toExportLines(letters: readonly DeadLetter[], type: ExportType): string {
  return letters
    .map((letter) =>
      type === CSV_TYPE
        ? toCsvRow(Object.values(COLUMNS).map((toCell) => toCell(letter)))
        : `${JSON.stringify(toDeadLetterView(letter))}\n`,
    )
    .join('');
}
