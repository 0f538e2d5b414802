/** A worker thread runs this file without compilation: only erasable syntax is allowed, and imports end in `.ts`. */
import type { AnswerVariables } from './condition.ts';

/** Numbers from this length on may not fit a double. */
const MAY_BE_LARGE = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** The values of one answer for expressions. Its body is parsed when an expression is evaluated. */
export class Variables implements AnswerVariables {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body; null if it is not JSON. */
  readonly text: string | null;
  private parsed: { readonly body: unknown } | null = null;

  constructor(status: number, headers: Readonly<Record<string, string>>, text: string | null) {
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  get body(): unknown {
    this.parsed ??= { body: this.text === null ? {} : parseExact(this.text) };
    return this.parsed.body;
  }
}

/** Parses JSON. An integer that does not fit a double becomes a bigint. */
export function parseExact(json: string): unknown {
  if (!MAY_BE_LARGE.test(json)) {
    return JSON.parse(json);
  }
  return JSON.parse(json, (_, value: unknown, { source = '' }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && INTEGER.test(source)
      ? BigInt(source)
      : value,
  );
}
