import { ID_RULE, MAX_ID, type Id } from '../../domain/packed-ids.js';
import { BadLineError } from './stream-errors.js';

const DIGITS = /^[1-9]\d{0,19}$/;
const SAFE_DIGITS = 15;
const LONGEST_ECHO = 40;

/** The id that the text is; undefined where it is none: digits alone, without a sign, a fraction or leading zeros. */
export function readId(text: string): Id | undefined {
  if (!DIGITS.test(text)) {
    return undefined;
  }
  if (text.length <= SAFE_DIGITS) {
    return Number(text);
  }
  const id = BigInt(text);
  return id <= MAX_ID ? id : undefined;
}

/** Says which line is bad, and shows a cut of it. */
export function badLine(lineNo: number, text: string, rule = ID_RULE): BadLineError {
  const cut = text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO)}…` : text;
  return new BadLineError(`line ${String(lineNo)}`, `${rule}, not ${JSON.stringify(cut)}`);
}
