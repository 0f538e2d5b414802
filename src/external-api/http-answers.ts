import { CallFailedError, type Answer } from './external-api.js';

const INTEGER = /^\d{1,20}$/;

/**
 * Reads `{"results": [{"id": 1, "data": …} | {"id": 2, "error": …}]}`, ids exact.
 * @throws CallFailedError when the text is anything else.
 */
export function parseAnswers(text: string): Answer[] {
  let body: unknown;
  try {
    body = JSON.parse(text, exactNumber);
  } catch (error) {
    throw new CallFailedError('bad_answer', 'the answer is not JSON', false, { cause: error });
  }
  if (!isRecord(body) || !Array.isArray(body['results'])) {
    throw new CallFailedError('bad_answer', 'the answer holds no list of results');
  }
  return body['results'].map(parseAnswer);
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
  const { id, error } = result as { id: bigint; error?: unknown };
  if (error === undefined || error === null) {
    return { id, ok: true, data: result['data'] };
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
