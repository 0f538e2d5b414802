import { describe } from '@jest/globals';

/** Describes a block that needs something of the machine. Where that is missing, skips the block and prints why. */
export function describeWhere(isThere: boolean, need: string, name: string, block: () => void): void {
  if (!isThere) {
    // Jest shows neither the console nor the names of a file that it skips.
    process.stderr.write(`${name}: skipped, because it needs ${need}\n`);
  }
  (isThere ? describe : describe.skip)(name, block);
}
