/** A worker thread runs this file without compilation: only erasable syntax is allowed, and imports end in `.ts`. */
import { MalformedResponseError } from '../json/malformed-response-error.ts';
import type { AnswerMapper } from '../mapping/answer-mapper.js';
import type { MappedResponse, ResponseHead } from '../mapping/mapped-response.js';
import { NO_ECHOES, redactText, type EchoPatterns } from './echo-redactor.ts';
import { assertJson, redactMessage, redactResult, toText } from './parse-response.ts';

/** The facts about a response that a mapping needs besides its body. */
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
  const isResult = mapper.readsResultsOf(head.status);
  const text = isResult ? toJsonText(body) : toErrorText(body);
  try {
    return redactResponse(mapper.map(head, text, id), echoes);
  } catch (error) {
    if (error instanceof MalformedResponseError) {
      const message = redactText(error.message, echoes.messages);
      throw new MalformedResponseError(message, { cause: error, path: error.path });
    }
    throw error;
  }
}

/** @throws MalformedResponseError if the body is not JSON. */
function toJsonText(body: Uint8Array): string | null {
  if (body.length === 0) {
    return null;
  }
  const text = toText(body);
  assertJson(text);
  return text;
}

/** Returns the body of an error; null if it is not JSON, because then its status says enough. */
function toErrorText(body: Uint8Array): string | null {
  try {
    return toJsonText(body);
  } catch (error) {
    if (error instanceof MalformedResponseError) {
      return null;
    }
    throw error;
  }
}

function redactResponse(response: MappedResponse, echoes: EchoPatterns): MappedResponse {
  switch (response.kind) {
    case 'results':
      return { ...response, results: response.results.map((result) => redactResult(result, echoes)) };
    case 'failed':
    case 'by_status':
      return response.message === null
        ? response
        : { ...response, message: redactMessage(response.message, echoes.messages) };
    case 'throttled':
    case 'completed':
      return response;
  }
}
