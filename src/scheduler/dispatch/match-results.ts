import type { UpstreamResult } from '../../external-api/external-api.js';
import type { AttemptError } from '../../domain/dispatch.js';
import { toExactJson } from '../../domain/exact-json.js';
import { sanitizeErrorMessage } from './sanitize-message.js';

/** What one id of a dispatch got, before anyone decides whether it is tried again. */
export type IdResult =
  /** `dataJson`: what came with it, as exact JSON; null where that was nothing. */
  | { readonly ok: true; readonly dataJson: string | null }
  | {
      readonly ok: false;
      readonly error: AttemptError;
      readonly permanent: boolean;
      /** The upstream asks to be left alone for so long, and did not try it. */
      readonly retryAfterMs?: number;
      /** It was not sent. */
      readonly isUnsent?: boolean;
    };

export interface MatchedResults {
  /** One for each id asked for, in its order. */
  readonly results: readonly IdResult[];
  /** What the upstream answered beyond the question, for the log. */
  readonly unexpected: readonly string[];
}

const MISSING_RESULT: IdResult = {
  ok: false,
  error: { kind: 'missing_answer', message: 'the answer leaves this id out' },
  permanent: false,
};

/**
 * Matches what an upstream answered with what it was asked. Each answer serves one place of its id, the first that
 * has none yet; a further answer to the same id and an answer to an id not asked for are ignored and named; an id
 * without an answer has failed for now.
 */
export function matchResults(asked: readonly bigint[], answers: readonly UpstreamResult[]): MatchedResults {
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
        },
        permanent: answer.permanent,
        ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }),
        ...(answer.isUnsent === true && { isUnsent: true }),
      };
}
