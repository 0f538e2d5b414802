import { escapeControls } from '../../domain/printable-text.js';
import { stringifyExact } from '../typescript/index.js';

/** Standard output for people, or with `--json` for programs: one line of JSON per item. */
export class Output {
  constructor(
    readonly out: NodeJS.WriteStream,
    readonly isJson: boolean,
  ) {}

  /** Prints a value; `toText` formats it for people. Nothing of a service's answer controls the terminal. */
  print<T>(value: T, toText: (value: T) => string): void {
    this.out.write(`${escapeControls(this.isJson ? stringifyExact(value) : toText(value))}\n`);
  }
}

/** Formats rows as columns, each as wide as its widest cell. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
