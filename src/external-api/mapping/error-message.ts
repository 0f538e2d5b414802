/** A worker thread runs this file without compilation: only erasable syntax is allowed, and imports end in `.ts`. */
import { JsonScanner } from '../json/json-scanner.ts';
import { ResultPath } from './result-path.ts';

/** Values that say that there is no error. */
const NO_ERROR: ReadonlySet<string> = new Set(['null', 'false', '0', '""', '[]', '{}']);
/** The usual places of error messages in answers. They are searched if a mapping names no place. */
const USUAL_PLACES = ['errors', 'error', 'message', 'detail'].map((name) => new ResultPath(name, []));

/** Tells whether this JSON says that there is an error. */
export function saysError(json: string | undefined): json is string {
  return json !== undefined && !NO_ERROR.has(json);
}

/** Returns the message of an error: the text that `path` leads to, else the error if it is a text, else its `message`. */
export function toErrorMessage(error: string, path: ResultPath | null): string {
  const found = path?.find(error);
  if (found !== undefined) {
    return found.startsWith('"') ? (JSON.parse(found) as string) : found;
  }
  const value: unknown = JSON.parse(error);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const message = typeof first === 'object' && first !== null && 'message' in first ? first.message : first;
  return typeof message === 'string' ? message : error;
}

/** Returns the message of a body that tells of an error of the whole call; null if it has none. */
export function toBodyMessage(body: string | null, path: ResultPath | null): string | null {
  if (body === null || new JsonScanner(body).next !== '{') {
    return null;
  }
  const places = path === null ? USUAL_PLACES : [path];
  const found = places.map((place) => place.find(body)).find(saysError);
  return found === undefined ? null : toErrorMessage(found, null);
}
