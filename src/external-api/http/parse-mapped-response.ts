/** A worker thread runs this file without compilation: only erasable syntax is allowed, and imports end in `.ts`. */
import { MalformedResponseError } from '../json/malformed-response-error.ts';
import type { AnswerMapper } from '../mapping/answer-mapper.js';
import type { MappedResponse, ResponseHead } from '../mapping/mapped-response.js';
import { NO_ECHOES, redactText, type EchoPatterns } from './echo-redactor.ts';
import { assertJson, redactResult, toText } from './parse-response.ts';

/** What a mapping needs to know about a response besides its body. */
export interface MappedRequest {
  readonly head: ResponseHead;
  /** The id that the response is about; null if it is a list of results. */
  readonly id: bigint | null;
}

/**
 * Parses a response as the mapping of a lane says. `body` is empty if there is none. `echoes` are taken out of data and
 * messages.
 * @throws MalformedResponseError if the body is not JSON, or the mapping does not fit it.
 */
export function parseMappedResponse(
  body: Uint8Array,
  mapper: AnswerMapper,
  { head, id }: MappedRequest,
  echoes: EchoPatterns = NO_ECHOES,
): MappedResponse {
  const text = body.length === 0 ? null : toText(body);
  if (text !== null) {
    assertJson(text);
  }
  try {
    const response = mapper.map(head, text, id);
    return response.kind === 'results'
      ? { ...response, results: response.results.map((result) => redactResult(result, echoes)) }
      : response;
  } catch (error) {
    if (error instanceof MalformedResponseError) {
      throw new MalformedResponseError(redactText(error.message, echoes.messages), { cause: error });
    }
    throw error;
  }
}
