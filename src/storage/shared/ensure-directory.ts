import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, where they are missing. `mkdir` with `recursive` never returns where the one above
 * is there and takes none, as under /proc.
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
    mkdirSync(path);
  } catch (error) {
    if (!isFolder(path)) {
      throw error; // else another process was faster
    }
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
