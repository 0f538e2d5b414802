import { BYTES_PER_CHUNK, IDS_PER_CHUNK, RESULT_SEPARATOR } from '../../../domain/result-chunk.js';

/** The separator as SQL. */
export const SEPARATOR = toChr(RESULT_SEPARATOR);

/**
 * SQL for the chunks of the rows of `place` whose data is stored. A chunk holds consecutive ids of one ingestion, does not
 * cross a multiple of the maximum number of ids, and ends when its data reaches the target size.
 */
export function packResults(place: string): string {
  return `
      SELECT seq, min(position), count(*), sum(octet_length(data)) + count(*) - 1,
             string_agg(data, ${SEPARATOR} ORDER BY position)
      FROM (
        SELECT seq, position, data, position - row_number() OVER in_list AS neighbours,
               (sum(octet_length(data)) OVER in_list - octet_length(data)) / ${String(BYTES_PER_CHUNK)} AS cut
        FROM ${place} WHERE data IS NOT NULL
        WINDOW in_list AS (PARTITION BY seq ORDER BY position)
      ) AS kept
      GROUP BY seq, neighbours, position / ${String(IDS_PER_CHUNK)}, cut`;
}

/** Writes a character as SQL. */
export function toChr(character: string): string {
  return `chr(${String(character.charCodeAt(0))})`;
}
