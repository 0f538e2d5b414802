import { leavesDoubt, type UpstreamResult } from '../../external-api/external-api.js';
import type { AttemptError } from '../../domain/dispatch.js';
import { toExactJson } from '../../domain/exact-json.js';
import { sanitizeErrorMessage } from './sanitize-message.js';

/** The result of one id of a dispatch, before the retry policy decides its outcome. */
export type IdResult =
  /** `dataJson` is the data of the id as exact JSON; null if there was none. */
  | { readonly ok: true; readonly dataJson: string | null }
  | {
      readonly ok: false;
      readonly error: AttemptError;
      readonly permanent: boolean;
      /** The upstream did not process the id and asked for this pause (`Retry-After`). */
      readonly retryAfterMs?: number;
      /** The upstream did not process the id because there were too many requests. */
      readonly isRateLimited?: boolean;
      /** If true, the id was not sent. */
      readonly isUnsent?: boolean;
      /** If true, the upstream refused the request before it looked at the id. */
      readonly isRefused?: boolean;
      /** If true, the upstream may have processed the id. */
      readonly isOutcomeUnknown?: boolean;
    };

export interface MatchedResults {
  /** One result for each id of the call, in the same order. */
  readonly results: readonly IdResult[];
  /** Answers that match no id of the call, for the log. */
  readonly unexpected: readonly string[];
}

type FailedResult = Extract<UpstreamResult, { readonly ok: false }>;

const MISSING_RESULT: IdResult = {
  ok: false,
  error: { kind: 'missing_answer', message: 'the answer leaves this id out' },
  permanent: false,
};

/**
 * Matches the answers of an upstream with the ids of the call. An answer belongs to the first place of its id that has no
 * answer yet. A further answer to the same id and an answer to another id are ignored and returned as unexpected. An id
 * without an answer has failed and may be retried.
 */
export function matchResults(asked: readonly bigint[], answers: readonly UpstreamResult[]): MatchedResults {
  const isInOrder = answers.length === asked.length && answers.every(({ id }, place) => id === asked[place]);
  return isInOrder ? { results: answers.map(toIdResult), unexpected: [] } : matchByPlaces(asked, answers);
}

function matchByPlaces(asked: readonly bigint[], answers: readonly UpstreamResult[]): MatchedResults {
  const openPlaces = new Map<bigint, number[]>();
  asked.forEach((id, place) => {
    const places = openPlaces.get(id);
    if (places === undefined) {
      openPlaces.set(id, [place]);
    } else {
      places.push(place);
    }
  });
  const results = new Array<IdResult>(asked.length).fill(MISSING_RESULT);
  const unexpected: string[] = [];
  for (const answer of answers) {
    const places = openPlaces.get(answer.id);
    const place = places?.shift();
    if (place !== undefined) {
      results[place] = toIdResult(answer);
    } else {
      unexpected.push(
        places === undefined ? `id ${String(answer.id)} not asked for` : `id ${String(answer.id)} again`,
      );
    }
  }
  return { results, unexpected };
}

function toIdResult(answer: UpstreamResult): IdResult {
  return answer.ok
    ? { ok: true, dataJson: 'dataJson' in answer ? answer.dataJson : toExactJson(answer.data) }
    : {
        ok: false,
        error: {
          kind: answer.kind ?? (answer.permanent ? 'rejected' : 'upstream'),
          message: sanitizeErrorMessage(answer.message),
          ...(answer.upstreamStatus !== undefined && { upstreamStatus: answer.upstreamStatus }),
        },
        permanent: answer.permanent,
        ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }),
        ...(answer.isRateLimited === true && { isRateLimited: true }),
        ...(answer.isUnsent === true && { isUnsent: true }),
        ...(answer.isRefused === true && { isRefused: true }),
        ...(isOutcomeUnknown(answer) && { isOutcomeUnknown: true }),
      };
}

function isOutcomeUnknown({ isOutcomeUnknown: isToldUnknown, kind, isUnsent }: FailedResult): boolean {
  return isToldUnknown ?? (leavesDoubt(kind) && isUnsent !== true);
}
