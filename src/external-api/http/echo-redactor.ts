/**
 * Removes this service's own secrets from the answers of an upstream. A worker thread runs this file without
 * compilation: only erasable syntax is allowed.
 */

/** The texts to look for, longest first. Empty lists cost nothing. */
export interface EchoPatterns {
  /** Removed from the data of ids. Only texts that cannot be meant otherwise, because data must stay exact. */
  readonly data: readonly string[];
  /** Removed from error messages. */
  readonly messages: readonly string[];
}

export const NO_ECHOES: EchoPatterns = { data: [], messages: [] };

const REDACTED = '[redacted]';
const BACKSLASH = '\\';
/** Escapes of characters that a secret may contain. */
const HIDING_ESCAPES = ['\\u', '\\/'];
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(.))/g;
const DIGITS = /^\d+$/;
const NUMBER = /-?\d[\d.eE+-]*/g;

export function redactText(text: string, patterns: readonly string[]): string {
  let redacted = text;
  for (const pattern of patterns) {
    if (redacted.includes(pattern)) {
      redacted = redacted.replaceAll(pattern, REDACTED);
    }
  }
  return redacted;
}

/**
 * Redacts a JSON text that `JSON.parse` accepts; it stays valid JSON. Strings are compared as a parser reads them, so no
 * escape hides a secret. Strings and numbers without a secret keep every character of their source.
 */
export function redactJson(json: string, patterns: readonly string[]): string {
  const isPlainFound = patterns.some((pattern) => json.includes(pattern));
  if (!isPlainFound && !isHiddenFound(json, patterns)) {
    return json;
  }
  const numbers = isPlainFound ? patterns.filter((pattern) => DIGITS.test(pattern)) : [];
  let redacted = '';
  let copiedTo = 0;
  for (let open = json.indexOf('"'); open !== -1; open = json.indexOf('"', copiedTo)) {
    const end = endOfString(json, open);
    redacted += redactNumbers(json.slice(copiedTo, open), numbers);
    redacted += redactString(json.slice(open, end), patterns, isPlainFound);
    copiedTo = end;
  }
  return redacted + redactNumbers(json.slice(copiedTo), numbers);
}

/** Tells whether a secret is in the text once its escapes are read. */
function isHiddenFound(json: string, patterns: readonly string[]): boolean {
  if (!mayHide(json, patterns)) {
    return false;
  }
  const text = json.replace(ESCAPE, (_, code: string | undefined, character: string | undefined) =>
    code === undefined ? (character ?? '') : String.fromCharCode(parseInt(code, 16)),
  );
  return patterns.some((pattern) => text.includes(pattern));
}

/** Tells whether escapes may hide a secret: it holds no control characters, so `\n` and the like hide none. */
function mayHide(json: string, patterns: readonly string[]): boolean {
  return (
    patterns.length > 0 &&
    json.includes(BACKSLASH) &&
    (HIDING_ESCAPES.some((escape) => json.includes(escape)) ||
      patterns.some((pattern) => pattern.includes('"') || pattern.includes(BACKSLASH)))
  );
}

function redactString(token: string, patterns: readonly string[], isPlainFound: boolean): string {
  if (!mayHide(token, patterns)) {
    return isPlainFound ? redactText(token, patterns) : token;
  }
  const text = JSON.parse(token) as string;
  const redacted = redactText(text, patterns);
  return redacted === text ? token : JSON.stringify(redacted);
}

function redactNumbers(json: string, numbers: readonly string[]): string {
  return numbers.length === 0
    ? json
    : json.replace(NUMBER, (number) => (numbers.includes(number) ? `"${REDACTED}"` : number));
}

/** Returns the position after the closing quote of the string that starts at `open`. */
function endOfString(json: string, open: number): number {
  let close = json.indexOf('"', open + 1);
  while (isEscaped(json, close)) {
    close = json.indexOf('"', close + 1);
  }
  return close + 1;
}

function isEscaped(json: string, quote: number): boolean {
  let first = quote;
  while (json[first - 1] === BACKSLASH) {
    first -= 1;
  }
  return (quote - first) % 2 === 1;
}
