import { hash } from 'node:crypto';

/** One SQL statement. Its values are always bound to `$1`, `$2`, …, never part of the text. */
export interface Statement {
  /** The name under which a connection stores the statement and its plan. */
  readonly name: string;
  readonly text: string;
}

/** A statement with the values it runs with. */
export interface BoundStatement {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

export type Row = Readonly<Record<string, unknown>>;

export function statement(text: string): Statement {
  return { name: `sluice_${hash('sha1', text)}`, text };
}
