import type { OptionalFields } from './submit-options.js';
import type { Priority } from '../../api/types.js';

/** Largest id that the service accepts. */
export const MAX_ID = '10000000000000000007';
const MAX_PROBLEMS = 100;

/** Text that is not a valid id, and its line, from 1. */
export interface LineProblem {
  readonly line: number;
  readonly text: string;
  readonly message: string;
}

/**
 * Reads ids from text in pieces. Spaces, commas, semicolons, bars, quotes and brackets separate ids; other text is
 * reported as a problem. Ids are kept as digits without leading zeros, so that they are exact at any size.
 */
export class IdParser {
  readonly ids: string[] = [];
  readonly problems: LineProblem[] = [];
  problemCount = 0;
  private line = 0;
  private rest = '';

  push(text: string): void {
    const lines = (this.rest + text).split(/\r\n|\n|\r/);
    this.rest = lines.pop() ?? '';
    lines.forEach((line) => {
      this.parseLine(line);
    });
  }

  end(): void {
    if (this.rest !== '') {
      this.parseLine(this.rest);
      this.rest = '';
    }
  }

  private parseLine(line: string): void {
    this.line += 1;
    for (const token of line.split(/[\s,;|[\]"']+/)) {
      if (token === '' || this.isHeading(token)) {
        continue;
      }
      const message = toProblem(token);
      if (message === null) {
        this.ids.push(withoutLeadingZeros(token));
      } else {
        this.report(token, message);
      }
    }
  }

  /** Returns whether the token is a column name in the first line of a CSV file. */
  private isHeading(token: string): boolean {
    return this.line === 1 && this.ids.length === 0 && /^[A-Za-z_]\w*$/.test(token);
  }

  private report(text: string, message: string): void {
    this.problemCount += 1;
    if (this.problems.length < MAX_PROBLEMS) {
      this.problems.push({ line: this.line, text: text.slice(0, 60), message });
    }
  }
}

function toProblem(token: string): string | null {
  if (!/^\d+$/.test(token)) {
    return /^-\d+$/.test(token) ? 'is negative' : 'is not an integer';
  }
  const digits = withoutLeadingZeros(token);
  if (digits === '0') {
    return 'must be 1 or more';
  }
  return digits.length > MAX_ID.length || (digits.length === MAX_ID.length && digits > MAX_ID)
    ? `is more than ${MAX_ID}`
    : null;
}

function withoutLeadingZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/** Priority and lane for which a list is submitted. */
export interface SubmitTarget {
  readonly priority: Priority;
  readonly lane: string;
}

/** Builds the body of `POST /ingest` from the digits, so that no id is converted to a double. */
export function toBody(ids: readonly string[], submitTarget: SubmitTarget & OptionalFields): string {
  return `{"ids":[${ids.join(',')}],${JSON.stringify(submitTarget).slice(1)}`;
}
