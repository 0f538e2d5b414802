import {
  UpstreamCallError,
  type UpstreamCall,
  type UpstreamLimit,
  type UpstreamResult,
} from '../external-api.js';
import type { MappedResponse } from '../mapping/mapped-response.js';
import { readRetryAfter } from './retry-after.js';
import { parseWaitMs, type ResponseClock } from './wait-time.js';

/** The name of the reason of a hold by an answer that a mapping finds throttled. */
const THROTTLED = 'answer.throttled';

/** The facts that are needed besides the meaning of a response. */
export interface MappedCall {
  /** The ids of the request. */
  readonly ids: readonly bigint[];
  readonly onLimit: UpstreamCall['onLimit'];
  /** The limits that the head of the response told. */
  readonly limits: readonly UpstreamLimit[];
  /** The values of `Retry-After`. */
  readonly retryAfter: readonly string[];
  readonly clock: ResponseClock;
  /** The error that the status alone means. */
  readonly statusError: UpstreamCallError;
}

/**
 * Turns the meaning of a response into the results of its ids. A call that is throttled is the same as one with a 429.
 * @throws UpstreamCallError if the whole call has failed.
 */
export function toMappedResults(response: MappedResponse, call: MappedCall): readonly UpstreamResult[] {
  switch (response.kind) {
    case 'results': {
      const { results, missing = 'retry' } = response;
      return missing === 'retry' ? results : [...results, ...toMissingResults(call.ids, results, missing)];
    }
    case 'completed':
      return call.ids.map((id) => ({ id, ok: true, dataJson: null }));
    case 'failed': {
      const { message, permanent } = response;
      throw new UpstreamCallError(
        permanent ? 'rejected' : 'upstream',
        message ?? call.statusError.message,
        permanent,
        toStatusOption(call.statusError),
      );
    }
    case 'throttled':
      throw toThrottledError(response.wait, call);
    case 'by_status':
      throw withMessage(call.statusError, response.message);
  }
}

/** Returns a result for each id that has none. An id that was sent twice needs two. */
function toMissingResults(
  ids: readonly bigint[],
  results: readonly UpstreamResult[],
  missing: 'completed' | 'failed',
): UpstreamResult[] {
  const answered = new Map<bigint, number>();
  for (const { id } of results) {
    answered.set(id, (answered.get(id) ?? 0) + 1);
  }
  return ids.flatMap((id): UpstreamResult[] => {
    const left = answered.get(id) ?? 0;
    if (left > 0) {
      answered.set(id, left - 1);
      return [];
    }
    return missing === 'completed'
      ? [{ id, ok: true, dataJson: null }]
      : [{ id, ok: false, message: 'the answer leaves this id out', permanent: true }];
  });
}

function toThrottledError(wait: string | null, call: MappedCall): UpstreamCallError {
  const retryAfterMs = wait === null ? toldWaitMs(call) : parseWaitMs(wait, call.clock);
  if (retryAfterMs === undefined) {
    return new UpstreamCallError(
      'bad_answer',
      `answer.throttled.wait gives ${JSON.stringify(wait)}, and no time`,
    );
  }
  if (retryAfterMs > 0) {
    call.onLimit?.({ remaining: 0, resetInMs: retryAfterMs, header: THROTTLED });
  }
  return new UpstreamCallError('upstream', 'the upstream refuses because there were too many calls', false, {
    ...toStatusOption(call.statusError),
    isRateLimited: true,
    ...(retryAfterMs > 0 && { retryAfterMs }),
  });
}

/** The wait that the head of the response asks for, in ms; 0 if it asks for none. */
function toldWaitMs({ limits, retryAfter, clock }: MappedCall): number {
  const toldMs = limits.filter(({ remaining }) => remaining === 0).map(({ resetInMs }) => resetInMs);
  return readRetryAfter(retryAfter, clock)?.resetInMs ?? Math.max(0, ...toldMs);
}

/** Adds the reason that the body gives. */
function withMessage(error: UpstreamCallError, message: string | null): UpstreamCallError {
  if (message === null) {
    return error;
  }
  const { kind, permanent, retryAfterMs, isRateLimited, isOutcomeUnknown } = error;
  return new UpstreamCallError(kind, `${error.message}: ${message}`, permanent, {
    ...toStatusOption(error),
    isRateLimited,
    isOutcomeUnknown,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Returns the status of an error as an option; none if it reported success. */
function toStatusOption({ upstreamStatus }: UpstreamCallError): { readonly upstreamStatus?: number } {
  return upstreamStatus === undefined || (upstreamStatus >= 200 && upstreamStatus <= 299)
    ? {}
    : { upstreamStatus };
}
