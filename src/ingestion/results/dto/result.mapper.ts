import { idsToJson } from '../../../domain/ids-to-json.js';
import type { Result, ResultPage } from '../result.service.js';

/** Writes a page as JSON. It contains the upstream's data exactly as stored, to the last digit. */
export function writePage({ results, next, labels }: ResultPage): string {
  const labelsText = labels === null ? '' : `,"labels":${JSON.stringify(labels)}`;
  return `{"results":[${results.map(writeResult).join(',')}],"next":${next === null ? 'null' : `"${String(next)}"`}${labelsText}}`;
}

/** Writes a page as lines, one per id (https://github.com/ndjson/ndjson-spec). */
export function toLines({ results }: ResultPage): string {
  return results.map((result) => `${writeResult(result)}\n`).join('');
}

function writeResult(result: Result): string {
  return write(result, `,"status":"${result.status}"`);
}

/** Writes the result in the format of the original system's batches; null for an id without an outcome. */
export function writeOutcome(result: Result): string | null {
  return result.status === 'completed' || result.status === 'failed' ? write(result, '') : null;
}

function write({ packedId, dataJson, error }: Result, status: string): string {
  const id = JSON.stringify(idsToJson(packedId)[0]);
  const data = dataJson === undefined ? '' : `,"data":${dataJson}`;
  return `{"id":${id}${status}${data}${error === undefined ? '' : `,"error":${JSON.stringify(error)}`}}`;
}
