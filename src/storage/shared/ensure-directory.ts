import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Only the owner may list, read and write what is in a folder of the store. */
export const PRIVATE_FOLDER_MODE = 0o700;

/**
 * Creates a directory and its missing parents, for the owner alone. It does not use `mkdir` with `recursive`, which never
 * returns if the parent exists but accepts no directories, as under /proc.
 */
export function ensureDirectory(path: string): void {
  if (isFolder(path)) {
    return;
  }
  ensureDirectory(dirname(path));
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    throw new Error(`${path} is neither a folder nor a link to one`);
  }
  try {
    mkdirSync(path, PRIVATE_FOLDER_MODE);
  } catch (error) {
    if (!isFolder(path)) {
      throw error; // otherwise another process created it first
    }
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
