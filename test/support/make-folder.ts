import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux keeps the files of this folder in memory. */
const MEMORY_FOLDER = '/dev/shm';
const MIN_ROOM_BYTES = 2 ** 31;

/**
 * Makes a folder for the files of a test, in memory where there is room: a store waits for the disk at each commit, and no test
 * turns the power off.
 */
export function makeFolder(): string {
  return mkdtempSync(join(hasRoom(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), 'sluice-spec-'));
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > MIN_ROOM_BYTES;
  } catch {
    return false; // not on Linux
  }
}
