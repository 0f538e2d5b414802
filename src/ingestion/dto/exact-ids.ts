import type { Id } from '../../domain/packed-ids.js';
import { jsonNamePattern } from '../json-name.js';

/** The array behind the field `ids`, where it holds numbers alone: no number holds a bracket. */
const IDS_ARRAY = new RegExp(String.raw`${jsonNamePattern('ids')}[ \t\n\r]*:[ \t\n\r]*\[([^\]]*)\]`);
const NOT_WRITTEN_AS_INTEGER = /[.eE]/;
const MAX_ID_LENGTH = 20;

/** Stands for a number that is not written as an integer: 1.5, 1.0 or 1e2. JSON itself has no NaN. */
const NOT_AN_INTEGER = Number.NaN;
/** Stands for an integer too long to be an id. */
const OUT_OF_RANGE = 0;

/**
 * `JSON.parse` rounds what a double cannot hold. Gives the ids exactly, from the text they were parsed from:
 * `parsed` itself where that is exact, as in ordinary bodies, at no cost an element beyond one comparison.
 * `parsed` must hold numbers alone.
 */
export function exactIds(parsed: readonly number[], text: string): readonly Id[] {
  const array = IDS_ARRAY.exec(text)?.[1];
  if (array === undefined) {
    throw new Error('the text is not the one that was parsed: it has no field ids');
  }
  return exactNumbers(parsed, array);
}

/** As {@link exactIds}, from the text between the brackets. */
export function exactNumbers(parsed: readonly number[], array: string): readonly Id[] {
  const areAllIntegers = !['.', 'e', 'E'].some((sign) => array.includes(sign));
  if (areAllIntegers && parsed.every(Number.isSafeInteger)) {
    return parsed;
  }
  return array.split(',').map((number, i) => {
    if (!areAllIntegers && NOT_WRITTEN_AS_INTEGER.test(number)) {
      return NOT_AN_INTEGER;
    }
    const rounded = parsed[i] ?? NOT_AN_INTEGER;
    return Number.isSafeInteger(rounded) ? rounded : exactId(number.trim());
  });
}

function exactId(number: string): Id {
  return number.length > MAX_ID_LENGTH ? OUT_OF_RANGE : BigInt(number);
}
