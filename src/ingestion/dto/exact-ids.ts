import type { Id } from '../../domain/packed-ids.js';
import { jsonNamePattern } from '../json-name.js';

/** Matches the array of the field `ids` if it holds only numbers: no number contains a bracket. */
const IDS_ARRAY = new RegExp(String.raw`${jsonNamePattern('ids')}[ \t\n\r]*:[ \t\n\r]*\[([^\]]*)\]`);
const NOT_WRITTEN_AS_INTEGER = /[.eE]/;
const MAX_ID_LENGTH = 20;

/** Replaces a number that is not written as an integer: 1.5, 1.0 or 1e2. JSON itself has no NaN. */
const NOT_AN_INTEGER = Number.NaN;
/** Replaces an integer too long to be an id. */
const OUT_OF_RANGE = 0;

/**
 * Returns the exact ids from the text they were parsed from, because `JSON.parse` rounds integers that a double cannot
 * hold. Returns `parsed` itself if that is exact, as in ordinary bodies; this costs one comparison per element.
 * `parsed` must hold only numbers.
 */
export function exactIds(parsed: readonly number[], text: string): readonly Id[] {
  const array = IDS_ARRAY.exec(text)?.[1];
  if (array === undefined) {
    throw new Error('the text is not the one that was parsed: it has no field ids');
  }
  return exactNumbers(parsed, array);
}

/** Does the same as {@link exactIds} with the text between the brackets. */
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
