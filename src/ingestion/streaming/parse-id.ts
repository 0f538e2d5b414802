import { shorten } from '../../domain/printable-text.js';
import { ID_RULE, MAX_ID, type Id } from '../../domain/packed-ids.js';
import { InvalidLineError } from './stream-errors.js';

const DIGITS = /^[1-9]\d{0,19}$/;
const MAX_SAFE_DIGITS = 15;
const MAX_ECHO_LENGTH = 40;

/**
 * Parses an id; returns undefined if the text is not one. Only digits are allowed: no sign, fraction or leading zeros.
 */
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

/** Builds an error that names the invalid line and quotes its start. */
export function invalidLineError(lineNo: number, text: string, rule = ID_RULE): InvalidLineError {
  const shown = JSON.stringify(shorten(text, MAX_ECHO_LENGTH));
  return new InvalidLineError(`line ${String(lineNo)}`, `${rule}, not ${shown}`);
}
