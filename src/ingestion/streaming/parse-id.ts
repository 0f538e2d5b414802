import { ID_RULE, MAX_ID, type Id } from '../../domain/packed-ids.js';
import { InvalidLineError } from './stream-errors.js';

const DIGITS = /^[1-9]\d{0,19}$/;
const MAX_SAFE_DIGITS = 15;
const MAX_ECHO_LENGTH = 40;

/** The id that the text is; undefined where it is none: digits alone, without a sign, a fraction or leading zeros. */
export function parseId(text: string): Id | undefined {
  if (!DIGITS.test(text)) {
    return undefined;
  }
  if (text.length <= MAX_SAFE_DIGITS) {
    return Number(text);
  }
  const id = BigInt(text);
  return id <= MAX_ID ? id : undefined;
}

/** Says which line is bad, and shows a cut of it. */
export function invalidLineError(lineNo: number, text: string, rule = ID_RULE): InvalidLineError {
  const cut = text.length > MAX_ECHO_LENGTH ? `${text.slice(0, MAX_ECHO_LENGTH)}…` : text;
  return new InvalidLineError(`line ${String(lineNo)}`, `${rule}, not ${JSON.stringify(cut)}`);
}
