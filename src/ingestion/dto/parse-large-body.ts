import type { Id } from '../../domain/packed-ids.js';
import type { Runtime } from '../../domain/runtime.js';
import { jsonNamePattern } from '../json-name.js';
import { exactNumbers } from './exact-ids.js';

/** Bodies of at least this many characters are parsed in slices; a shorter one takes a few milliseconds. */
export const LARGE_BODY_MIN_BYTES = 1_000_000;

/** Characters per slice: about a millisecond of work. */
const CHARACTERS_PER_STEP = 32_768;
const NON_NUMBER = /[^\d\s,.eE+-]/;
const IDS_START = new RegExp(String.raw`${jsonNamePattern('ids')}[ \t\n\r]*:[ \t\n\r]*\[`);

/** A large body whose ids were parsed separately. */
export interface LargeBody {
  /** The body with an empty array in place of its ids. */
  readonly rest: string;
  readonly ids: readonly Id[];
}

/**
 * Parses the ids of a large body slice by slice and yields to the event loop between two slices. Returns undefined if
 * the body differs from an ordinary one; parsing it as a whole then reports the error.
 */
export async function parseLargeBody(text: string, runtime: Runtime): Promise<LargeBody | undefined> {
  const opening = IDS_START.exec(text);
  if (opening === null) {
    return undefined;
  }
  const begin = opening.index + opening[0].length;
  const end = text.indexOf(']', begin);
  if (end === -1) {
    return undefined;
  }
  const ids: Id[] = [];
  for (let from = begin; from <= end;) {
    const to = sliceEnd(text, from, end);
    const slice = parseSlice(text.slice(from, to));
    if (slice === undefined) {
      return undefined;
    }
    for (const id of slice) {
      ids.push(id);
    }
    from = to + 1;
    await runtime.nextTurn();
  }
  return { rest: text.slice(0, begin) + text.slice(end), ids };
}

/** Returns the end of a slice: a comma, or the end of the array. */
function sliceEnd(text: string, from: number, end: number): number {
  const comma = text.indexOf(',', from + CHARACTERS_PER_STEP);
  return comma === -1 || comma > end ? end : comma;
}

function parseSlice(slice: string): readonly Id[] | undefined {
  if (slice.trim() === '' || NON_NUMBER.test(slice)) {
    return undefined;
  }
  try {
    return exactNumbers(JSON.parse(`[${slice}]`) as number[], slice);
  } catch {
    return undefined; // not JSON, so the whole body is not JSON either
  }
}
