/** Threads run this file and what it imports as they stand: erasable syntax only, imports end in `.ts`. */
import type { Answer } from '../external-api.js';
import { JsonReader } from './json-scanner.ts';

const INTEGER = /^\d{1,20}$/;
const KNOWN: ReadonlySet<string> = new Set(['id', 'error', 'data']);

/** The answer is not what an upstream answers. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
}

/**
 * Reads the body of an answer: the one to `id`, or where that is null `{"results": [{"id": 1, "data": …} | {"id": 2,
 * "error": …}]}`. Ids are exact, and data is kept as it was written: it is never taken apart.
 * @throws UnreadableAnswerError when the body is anything else.
 */
export function readAnswers(body: Uint8Array, id: bigint | null): Answer[] {
  const text = toText(body);
  return id === null ? readResults(text) : [readAnswerToOne(id, text)];
}

function toText(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw new UnreadableAnswerError('the answer is not UTF-8', { cause: error });
  }
}

function open(text: string): JsonReader {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new UnreadableAnswerError('the answer is not JSON', { cause: error });
  }
  return new JsonReader(text);
}

function readResults(text: string): Answer[] {
  const reader = open(text);
  let answers: Answer[] | null = null;
  for (const key of membersOf(reader)) {
    if (key === 'results' && reader.next === '[') {
      answers = readList(reader);
    } else {
      reader.value();
    }
  }
  if (answers === null) {
    throw new UnreadableAnswerError('the answer holds no list of results');
  }
  return answers;
}

function readList(reader: JsonReader): Answer[] {
  const answers: Answer[] = [];
  for (const element of reader.elements()) {
    const { id, error, data } = readResult(element);
    if (id === undefined || !INTEGER.test(id)) {
      throw new UnreadableAnswerError('a result has no integer id');
    }
    answers.push(toAnswer(BigInt(id), error, data));
  }
  return answers;
}

/**
 * Reads the answer to one id. All of it is what is kept; an object with an `error` refuses the id, as in a list, but for
 * `false`, which many APIs say of every success.
 */
function readAnswerToOne(id: bigint, text: string): Answer {
  const json = open(text).value();
  const { error } = readResult(new JsonReader(json));
  return toAnswer(id, error === 'false' ? undefined : error, json);
}

/** What is known of a result, as JSON; of a member that comes more than once the last. */
function readResult(reader: JsonReader): { id?: string; error?: string; data?: string } {
  const members: Record<string, string> = {};
  for (const key of membersOf(reader)) {
    const json = reader.value();
    if (KNOWN.has(key)) {
      members[key] = json;
    }
  }
  return members;
}

/** The keys of an object; of any other value none. */
function membersOf(reader: JsonReader): Iterable<string> {
  if (reader.next === '{') {
    return reader.members();
  }
  reader.value();
  return [];
}

function toAnswer(id: bigint, error: string | undefined, dataJson: string | undefined): Answer {
  if (error === undefined || error === 'null') {
    return { id, ok: true, dataJson: dataJson ?? null };
  }
  const said: unknown = JSON.parse(error);
  return {
    id,
    ok: false,
    message: messageOf(said) ?? error,
    permanent: isRecord(said) && said['permanent'] === true,
  };
}

function messageOf(error: unknown): string | null {
  const message = isRecord(error) ? error['message'] : error;
  return typeof message === 'string' ? message : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
