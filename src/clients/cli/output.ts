import { styleText } from 'node:util';
import { escapeControls, escapeLine } from '../../domain/printable-text.js';
import { stringifyExact } from '../typescript/index.js';

export type Style = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** A piece of text in a colour, which is left out with NO_COLOR and where the output is no terminal. */
export interface Styled {
  readonly text: string;
  readonly style: Style;
}

/** Text for people, in pieces. */
export type Text = string | readonly (string | Styled)[];

/** Standard output for people, or with `--json` for programs: one line of JSON per item. */
export class Output {
  constructor(
    readonly out: NodeJS.WriteStream,
    readonly isJson: boolean,
  ) {}

  /** Prints a value; `toText` formats it for people. Nothing of a service's answer controls the terminal. */
  print<T>(value: T, toText: (value: T) => Text): void {
    const text = this.isJson ? escapeControls(stringifyExact(value)) : this.render(toText(value));
    this.out.write(`${text}\n`);
  }

  private render(text: Text): string {
    return toPieces(text)
      .map((piece) =>
        typeof piece === 'string'
          ? escapeControls(piece)
          : styleText(piece.style, escapeControls(piece.text), { stream: this.out }),
      )
      .join('');
  }
}

/** Formats rows as columns, each as wide as its widest cell. The first row is the header. */
export function toTable(rows: readonly (readonly (string | Styled)[])[]): Text {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? ''))));
  const lines = rows.map((row) => {
    const last = row.findLastIndex((cell) => widthOf(cell) > 0);
    return row
      .slice(0, last + 1)
      .flatMap((cell, i) => (i === last ? [cell] : [cell, ' '.repeat((widths[i] ?? 0) + 2 - widthOf(cell))]));
  });
  return joinTexts(lines, '\n');
}

/** Formats the error of an attempt as one line; `-` if there is none. */
export function formatError(
  error: { readonly kind: string; readonly message: string } | null | undefined,
): string {
  return error === null || error === undefined ? '-' : escapeLine(`${error.kind}: ${error.message}`);
}

/** Joins texts, with `separator` between them. */
export function joinTexts(texts: readonly Text[], separator: string): Text {
  return texts.flatMap((text, i) => [...(i === 0 ? [] : [separator]), ...toPieces(text)]);
}

function toPieces(text: Text): readonly (string | Styled)[] {
  return typeof text === 'string' ? [text] : text;
}

function widthOf(cell: string | Styled): number {
  return typeof cell === 'string' ? cell.length : cell.text.length;
}
