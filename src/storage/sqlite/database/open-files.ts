import { statSync } from 'node:fs';
import { messageOf } from './sqlite-errors.js';

interface OpenFile {
  readonly path: string;
  readonly identity: string;
}

/**
 * Compares the files that a connection has open with the files at their paths. A deleted or replaced file stays
 * writable for the process that has it open, and its data is lost when the process ends.
 */
export class OpenFiles {
  private readonly files: readonly OpenFile[];

  /** Every path must refer to the file that is open now. */
  constructor(paths: readonly string[]) {
    this.files = paths.map((path) => {
      const identity = identityAt(path);
      if (identity === null) {
        throw new Error(`${path} is gone`);
      }
      return { path, identity };
    });
  }

  /**
   * Returns the first path that no longer refers to the open file, and the reason; null if all do. It takes some
   * microseconds.
   */
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
    return `cannot be seen any more (${messageOf(error)})`;
  }
}

/** Returns null if there is no file. Inode numbers may exceed 2^53. */
function identityAt(path: string): string | null {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${String(found.dev)}:${String(found.ino)}`;
}
