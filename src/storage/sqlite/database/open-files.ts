import { statSync } from 'node:fs';

interface OpenFile {
  readonly path: string;
  readonly identity: string;
}

/**
 * The files that a connection has open, compared with what stands at their paths. A file that was removed or replaced
 * stays writable for who has it open, and what is written there is gone when the process ends.
 */
export class OpenFiles {
  private readonly files: readonly OpenFile[];

  /** Every path must lead to the file that is open now. */
  constructor(paths: readonly string[]) {
    this.files = paths.map((path) => {
      const identity = identityAt(path);
      if (identity === null) {
        throw new Error(`${path} is gone`);
      }
      return { path, identity };
    });
  }

  /** Returns the first path that leads to the open file no more, and what happened to it; null where all do. Takes some microseconds. */
  firstLost(): { readonly path: string; readonly what: string } | null {
    for (const { path, identity } of this.files) {
      const what = describeLoss(path, identity);
      if (what !== null) {
        return { path, what };
      }
    }
    return null;
  }
}

function describeLoss(path: string, identity: string): string | null {
  try {
    const found = identityAt(path);
    if (found === null) {
      return 'was removed or moved away';
    }
    return found === identity ? null : 'was replaced by another file';
  } catch (error) {
    return `cannot be seen any more (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** Null where there is no file. Numbers of inodes may be beyond 2^53. */
function identityAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${String(found.dev)}:${String(found.ino)}`;
}
