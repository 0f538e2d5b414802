import { unpackBigIntIds } from '../../../domain/packed-ids.js';
import { toBatchId } from '../../../domain/batch-id.js';
import type { DeadLetter } from '../dead-letter.repository.js';
import { toDeadLetterView } from './dead-letter.mapper.js';

export const CSV_TYPE = 'text/csv';
export const NDJSON_TYPE = 'application/x-ndjson';

export type ExportType = typeof CSV_TYPE | typeof NDJSON_TYPE;

/** The columns of a CSV export, in their order. */
const COLUMNS: Readonly<Record<string, (letter: DeadLetter) => string>> = {
  id: ({ packedId }) => String(unpackBigIntIds(packedId)[0]),
  ingestion_id: ({ ingestionId }) => ingestionId,
  batch_id: ({ ingestionId, batchNo }) => toBatchId(ingestionId, batchNo),
  position: ({ position }) => String(position),
  lane: ({ lane }) => lane,
  priority: ({ priority }) => priority,
  client: ({ client }) => client ?? '',
  labels: ({ labels }) => (labels === null ? '' : JSON.stringify(labels)),
  died_at: ({ failedAtMs }) => new Date(failedAtMs).toISOString(),
  kind: ({ kind }) => kind,
  upstream_status: ({ upstreamStatus }) => (upstreamStatus === null ? '' : String(upstreamStatus)),
  message: ({ message }) => message,
  attempts: ({ attempts }) => String(attempts.length),
};

/** Returns what an export begins with: the header of a CSV file (RFC 4180). */
export function exportHeader(type: ExportType): string {
  return type === CSV_TYPE ? `${Object.keys(COLUMNS).join(',')}\r\n` : '';
}

/** Returns one line for each dead letter. */
export function toExportLines(letters: readonly DeadLetter[], type: ExportType): string {
  return letters
    .map((letter) =>
      type === CSV_TYPE
        ? `${Object.values(COLUMNS)
            .map((toText) => quote(toText(letter)))
            .join(',')}\r\n`
        : `${JSON.stringify(toDeadLetterView(letter))}\n`,
    )
    .join('');
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
