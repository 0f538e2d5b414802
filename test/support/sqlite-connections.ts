import { DatabaseSync, StatementSync } from 'node:sqlite';
import { jest } from '@jest/globals';

/** Calls `open` and returns the connection that it opened last, to inspect a store. */
export function connectionOf(open: () => unknown): DatabaseSync {
  const exec = jest.spyOn(DatabaseSync.prototype, 'exec');
  try {
    open();
    const connection = exec.mock.contexts.at(-1);
    if (!(connection instanceof DatabaseSync)) {
      throw new Error('no connection was opened');
    }
    return connection;
  } finally {
    exec.mockRestore();
  }
}

/** Returns all rows of all tables. */
export function dump(connection: DatabaseSync): Record<string, unknown[]> {
  const tables = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return Object.fromEntries(
    tables.map(({ name }) => [String(name), connection.prepare(`SELECT * FROM ${String(name)}`).all()]),
  );
}

const CALLS = [
  [DatabaseSync.prototype, ['exec', 'prepare']],
  [StatementSync.prototype, ['run', 'get', 'all', 'iterate']],
] as const;

/** Numbers the calls to SQLite from 1; the calls in `failing` throw instead of being made. */
export class SqliteFaults {
  private made = 0;

  private constructor(private readonly failing: ReadonlySet<number>) {}

  /** Runs `work` with these calls failing; resolves with whether the first of them was reached. */
  static async during(failing: readonly number[], work: () => Promise<void>): Promise<boolean> {
    const faults = new SqliteFaults(new Set(failing));
    const restore = faults.install();
    try {
      await work();
    } finally {
      restore();
    }
    return faults.made >= Math.min(...failing);
  }

  /** Resolves with the number of calls that `work` makes. */
  static async count(work: () => Promise<void>): Promise<number> {
    const faults = new SqliteFaults(new Set());
    const restore = faults.install();
    try {
      await work();
    } finally {
      restore();
    }
    return faults.made;
  }

  private install(): () => void {
    const originals = CALLS.flatMap(([prototype, names]) =>
      names.map((name) => ({
        prototype,
        name,
        original: methodOf(prototype, name),
      })),
    );
    const count = (): void => {
      this.count();
    };
    for (const { prototype, name, original } of originals) {
      const counted = function (this: unknown, ...parameters: unknown[]): unknown {
        count();
        const result: unknown = Reflect.apply(original, this, parameters);
        return name === 'iterate' ? countSteps(result as IterableIterator<unknown>, count) : result;
      };
      Reflect.set(prototype, name, counted);
    }
    return () => {
      for (const { prototype, name, original } of originals) {
        Reflect.set(prototype, name, original);
      }
    };
  }

  private count(): void {
    this.made += 1;
    if (this.failing.has(this.made)) {
      throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 });
    }
  }
}

type Callable = (...parameters: unknown[]) => unknown;

function methodOf(prototype: object, name: string): Callable {
  const method: unknown = Reflect.get(prototype, name);
  return method as Callable;
}

/** Counts each row of an iteration as a call. */
function countSteps(rows: IterableIterator<unknown>, count: () => void): IterableIterator<unknown> {
  const next = rows.next.bind(rows);
  rows.next = () => {
    count();
    return next();
  };
  return rows;
}
