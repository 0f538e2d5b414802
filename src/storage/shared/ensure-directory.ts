import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a directory and its missing parents. It does not use `mkdir` with `recursive`, which never returns if the
 * parent exists but accepts no directories, as under /proc.
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
      throw error; // otherwise another process created it first
    }
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
