import { writeOutcome } from '../../results/dto/result.mapper.js';
import type { Result } from '../../results/result.service.js';
import { toIngestionStatus } from '../../../domain/batch-status.js';
import type { IngestionRecord } from '../../../domain/ingestion.js';
import type { IngestionEstimate } from '../../estimate/estimate.service.js';
import type { BatchWithIds, StatusPage } from '../status.service.js';
import { statusFields, toBatchStatus } from './status.mapper.js';

/** Approximate size of one written piece. */
const CHARACTERS_PER_STEP = 65_536;

/** Returns the results of a page's ids, in their order. */
export type LoadResults = (page: StatusPage) => AsyncIterator<Result, undefined>;

/**
 * Writes a status with the result of each id piece by piece: there may be any number of long results. `next` is the
 * cursor of the next page; undefined if the client requested no page.
 */
export async function* writeStatusWithResults(
  head: IngestionRecord,
  pages: AsyncIterable<StatusPage>,
  resultsOf: LoadResults,
  ingestionEstimate: IngestionEstimate,
  next: number | null | undefined,
): AsyncGenerator<string, undefined> {
  const prefix = { ingestion_id: head.ingestionId, status: toIngestionStatus(head) };
  let before = `${JSON.stringify(prefix).slice(0, -1)},"batches":[`;
  for await (const page of pages) {
    yield before;
    yield* writeBatches(page, resultsOf(page));
    before = ',';
  }
  const suffix = {
    ...(next !== undefined && { next: next === null ? null : String(next) }),
    ...statusFields(head, ingestionEstimate),
  };
  yield `],${JSON.stringify(suffix).slice(1)}`;
  return undefined;
}

async function* writeBatches(
  { batches }: StatusPage,
  results: AsyncIterator<Result, undefined>,
): AsyncGenerator<string, undefined> {
  let text = '';
  for (const [i, batch] of batches.entries()) {
    text += `${i === 0 ? '' : ','}${JSON.stringify(toBatchStatus(batch)).slice(0, -1)},"results":[`;
    let isFirst = true;
    for await (const outcome of toOutcomes(batch, results)) {
      text += `${isFirst ? '' : ','}${outcome}`;
      isFirst = false;
      if (text.length >= CHARACTERS_PER_STEP) {
        yield text;
        text = '';
      }
    }
    text += ']}';
  }
  yield text;
  return undefined;
}

async function* toOutcomes(
  { size }: BatchWithIds,
  results: AsyncIterator<Result, undefined>,
): AsyncGenerator<string, undefined> {
  for (let i = 0; i < size; i++) {
    const result = await results.next();
    const outcome = result.done === true ? null : writeOutcome(result.value);
    if (outcome !== null) {
      yield outcome;
    }
  }
  return undefined;
}
