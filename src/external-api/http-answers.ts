import { CallFailedError, type Answer } from './external-api.js';

const INTEGER = /^\d{1,20}$/;

/**
 * Reads `{"results": [{"id": 1, "data": …} | {"id": 2, "error": …}]}`, ids exact.
 * @throws CallFailedError when the text is anything else.
 */
export function parseAnswers(text: string): Answer[] {
  const body = parse(text);
  if (!isRecord(body) || !Array.isArray(body['results'])) {
    throw new CallFailedError('bad_answer', 'the answer holds no list of results');
  }
  return body['results'].map(parseAnswer);
}

/**
 * Reads the answer to one id. All of it is what is kept; an object with an `error` refuses the id, as in a list, but for
 * `false`, which many APIs say of every success. Null is an answer that says no more than its status.
 * @throws CallFailedError when the text is not JSON.
 */
export function parseAnswerToOne(id: bigint, text: string | null): Answer {
  if (text === null) {
    return { id, ok: true, data: undefined };
  }
  const body = parse(text);
  const error = isRecord(body) && body['error'] !== false ? body['error'] : undefined;
  return toAnswer(id, error, body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, exactNumber);
  } catch (error) {
    throw new CallFailedError('bad_answer', 'the answer is not JSON', false, { cause: error });
  }
}

/**
 * The reviver's third argument carries the number as it was written. One that a double does not hold stays as it was
 * written, and so does the answer when it is kept.
 */
function exactNumber(key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) {
    return value;
  }
  if (key === 'id' && INTEGER.test(source)) {
    return BigInt(source);
  }
  return String(value) === source ? value : JSON.rawJSON(source);
}

function parseAnswer(result: unknown): Answer {
  if (!isRecord(result) || typeof result['id'] !== 'bigint') {
    throw new CallFailedError('bad_answer', 'a result has no integer id');
  }
  return toAnswer(result['id'], result['error'], result['data']);
}

function toAnswer(id: bigint, error: unknown, data: unknown): Answer {
  if (error === undefined || error === null) {
    return { id, ok: true, data };
  }
  return {
    id,
    ok: false,
    message: messageOf(error),
    permanent: isRecord(error) && error['permanent'] === true,
  };
}

function messageOf(error: unknown): string {
  if (isRecord(error) && typeof error['message'] === 'string') {
    return error['message'];
  }
  return typeof error === 'string' ? error : JSON.stringify(error, writeExactId);
}

/** What {@link exactNumber} read, in an error as well. */
function writeExactId(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
