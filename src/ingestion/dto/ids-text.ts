import type { Id } from '../id-list.js';

/** The array behind the field `ids`, where it holds numbers alone: no number holds a bracket. */
const IDS_ARRAY = /"ids"[ \t\n\r]*:[ \t\n\r]*\[([^\]]*)\]/;
const INTEGER = /^-?\d+$/;
const LONGEST_ID = 20;

/** Stands for a number that is not written as an integer: 1.5, 1.0 or 1e2. JSON itself has no NaN. */
const NOT_AN_INTEGER = Number.NaN;
/** Stands for an integer too long to be an id. */
const OUT_OF_RANGE = 0;

/**
 * `JSON.parse` rounds what a double cannot hold. Gives the ids exactly, from the text they were parsed from:
 * `parsed` itself where that is exact, as in ordinary bodies, at no cost an element beyond one comparison.
 * `parsed` must hold numbers alone. Undefined where the text spells the field's name in escapes.
 */
export function exactIds(parsed: readonly number[], text: string): readonly Id[] | undefined {
  const array = IDS_ARRAY.exec(text)?.[1];
  if (array === undefined) {
    return undefined;
  }
  if (isWrittenInIntegers(array) && parsed.every(Number.isSafeInteger)) {
    return parsed;
  }
  return array.split(',').map((number) => exactId(number.trim()));
}

function isWrittenInIntegers(array: string): boolean {
  return !array.includes('.') && !array.includes('e') && !array.includes('E');
}

function exactId(number: string): Id {
  if (!INTEGER.test(number)) {
    return NOT_AN_INTEGER;
  }
  if (number.length > LONGEST_ID) {
    return OUT_OF_RANGE;
  }
  const rounded = Number(number);
  return Number.isSafeInteger(rounded) ? rounded : BigInt(number);
}
