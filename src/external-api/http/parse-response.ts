/**
 * A worker thread runs this file and its imports without compilation: only erasable syntax is allowed, and
 * imports end in `.ts`.
 */
import type { UpstreamResult } from '../external-api.js';
import { NO_ECHOES, redactJson, redactText, type EchoPatterns } from './echo-redactor.ts';
import { JsonScanner } from '../json/json-scanner.ts';
import { MalformedResponseError } from '../json/malformed-response-error.ts';

/** An id as a number, or as a text that is the number without leading zeros. */
const INTEGER = /^(?:(\d{1,20})|"(0|[1-9]\d{0,19})")$/;
const KNOWN: ReadonlySet<string> = new Set(['id', 'error', 'data']);

/**
 * Parses the body of a response: the result of `id`, or, if `id` is null, `{"results": [{"id": 1, "data": …}
 * | {"id": 2, "error": …}]}`. Ids are exact, and data keeps its source text: it is never parsed into objects.
 * `echoes` are taken out of data and messages.
 * @throws MalformedResponseError if the body has any other form.
 */
export function parseResponse(
  body: Uint8Array,
  id: bigint | null,
  echoes: EchoPatterns = NO_ECHOES,
): UpstreamResult[] {
  const text = toText(body);
  const results = id === null ? parseResults(text) : [parseSingleResult(id, text)];
  return results.map((result) => redactResult(result, echoes));
}

/** A message may be the JSON of an error without a text. */
export function redactMessage(message: string, patterns: readonly string[]): string {
  return redactText(isJsonObject(message) ? redactJson(message, patterns) : message, patterns);
}

function isJsonObject(text: string): boolean {
  if (!/^[[{]/.test(text)) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Takes the texts of `echoes` out of the data or the message of a result. */
export function redactResult(result: UpstreamResult, { data, messages }: EchoPatterns): UpstreamResult {
  if (messages.length === 0) {
    return result;
  }
  if (!result.ok) {
    return { ...result, message: redactMessage(result.message, messages) };
  }
  return 'dataJson' in result && result.dataJson !== null
    ? { ...result, dataJson: redactJson(result.dataJson, data) }
    : result;
}

/** @throws MalformedResponseError if the bytes are not UTF-8. */
export function toText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new MalformedResponseError('the answer is not UTF-8', { cause: error });
  }
}

function open(text: string): JsonScanner {
  assertJson(text);
  return new JsonScanner(text);
}

/** @throws MalformedResponseError if the text is not JSON. */
export function assertJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new MalformedResponseError('the answer is not JSON', { cause: error });
  }
}

function parseResults(text: string): UpstreamResult[] {
  const reader = open(text);
  let answers: UpstreamResult[] | null = null;
  for (const key of toMembers(reader)) {
    if (key === 'results' && reader.next === '[') {
      answers = parseList(reader);
    } else {
      reader.value();
    }
  }
  if (answers === null) {
    throw new MalformedResponseError('the answer holds no list of results');
  }
  return answers;
}

function parseList(reader: JsonScanner): UpstreamResult[] {
  const answers: UpstreamResult[] = [];
  for (const element of reader.elements()) {
    const { id, error, data } = parseResult(element);
    const [, number, quoted] = INTEGER.exec(id ?? '') ?? [];
    const digits = number ?? quoted;
    if (digits === undefined) {
      throw new MalformedResponseError('a result has no integer id');
    }
    answers.push(toUpstreamResult(BigInt(digits), error, data));
  }
  return answers;
}

/**
 * Parses the response to one id. Its whole text is the data. An object with an `error` rejects the id, like
 * in a list, except for `false`, which many APIs include in successes.
 */
function parseSingleResult(id: bigint, text: string): UpstreamResult {
  const json = open(text).value();
  const { error } = parseResult(new JsonScanner(json));
  return toUpstreamResult(id, error === 'false' ? undefined : error, json);
}

/** Returns the known members of a result as JSON; if a member occurs more than once, the last one counts. */
function parseResult(reader: JsonScanner): { id?: string; error?: string; data?: string } {
  const members: Record<string, string> = {};
  for (const key of toMembers(reader)) {
    const json = reader.value();
    if (KNOWN.has(key)) {
      members[key] = json;
    }
  }
  return members;
}

/** Yields the keys of an object; nothing for any other value. */
function toMembers(reader: JsonScanner): Iterable<string> {
  if (reader.next === '{') {
    return reader.members();
  }
  reader.value();
  return [];
}

function toUpstreamResult(
  id: bigint,
  error: string | undefined,
  dataJson: string | undefined,
): UpstreamResult {
  if (error === undefined || error === 'null') {
    return { id, ok: true, dataJson: dataJson ?? null };
  }
  const parsedError: unknown = JSON.parse(error);
  return {
    id,
    ok: false,
    message: toErrorMessage(parsedError) ?? error,
    permanent: isRecord(parsedError) && parsedError['permanent'] === true,
  };
}

function toErrorMessage(error: unknown): string | null {
  const message = isRecord(error) ? error['message'] : error;
  return typeof message === 'string' ? message : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
