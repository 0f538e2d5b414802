import { toPlainHeaders, toStatusError } from '../../external-api/http/upstream-http-client.js';
import {
  UpstreamCallError,
  type UpstreamLimit,
  type UpstreamResult,
} from '../../external-api/external-api.js';
import { toMappedResults } from '../../external-api/http/mapped-results.js';
import { parseMappedResponse } from '../../external-api/http/parse-mapped-response.ts';
import { parseResponse } from '../../external-api/http/parse-response.ts';
import { readLimits } from '../../external-api/http/response-limits.js';
import type { UpstreamOptions } from '../../external-api/http/upstream.options.js';
import { MalformedResponseError } from '../../external-api/json/malformed-response-error.ts';
import type { SampleAnswer } from './sample-answer.js';

/** The request that a sample answers. */
export interface SampledRequest {
  readonly ids: readonly bigint[];
  /** The id that the answer is about; null if it is about several. */
  readonly id: bigint | null;
  readonly nowMs: number;
  readonly onLimit: (limit: UpstreamLimit) => void;
}

/**
 * Reads a sample as the service reads an answer.
 * @throws UpstreamCallError if the whole call has failed.
 * @throws MalformedResponseError if the mapping does not fit.
 */
export function readSample(
  { status, headers: pairs, body }: SampleAnswer,
  { mapping, rateLimitNames }: UpstreamOptions,
  { ids, id, nowMs, onLimit }: SampledRequest,
): readonly UpstreamResult[] {
  const headersDistinct = Object.fromEntries(
    pairs.map(([name]) => [name, pairs.filter(([each]) => each === name).map(([, value]) => value)]),
  );
  const headers = toPlainHeaders(headersDistinct);
  const limits = readLimits({ statusCode: status, headers, headersDistinct }, rateLimitNames, nowMs);
  limits.forEach(onLimit);
  const key = { value: '', isRepeated: false, dispatchId: '' };
  const statusError = toStatusError(status, limits, key);
  const mapper = mapping?.answer ?? null;
  try {
    if (mapper !== null) {
      const clock = { date: headers['date'], nowMs };
      const retryAfter = headersDistinct['retry-after'] ?? [];
      const response = parseMappedResponse(body, mapper, { head: { status, headers }, id });
      return toMappedResults(response, { ids, onLimit, limits, retryAfter, clock, statusError });
    }
    if (status < 200 || status > 299) {
      throw statusError;
    }
    return body.length === 0 && id !== null ? [{ id, ok: true, dataJson: null }] : parseResponse(body, id);
  } catch (error) {
    if (error instanceof MalformedResponseError && error.path.length === 0) {
      throw new UpstreamCallError('bad_answer', error.message, false, { cause: error });
    }
    throw error;
  }
}
