import { chmodSync, closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Logger } from '@nestjs/common';
import { PRIVATE_FOLDER_MODE } from '../../shared/ensure-directory.js';
import { messageOf } from './sqlite-errors.js';

/** Only the owner may read and write a file of the store. */
export const PRIVATE_FILE_MODE = 0o600;

const OTHERS = 0o077;
const STICKY = 0o1000;
/** The files beside the database: SQLite's, and the log that `clean-stop.ts` keeps. */
const COMPANIONS = ['', '-wal', '-shm', '-journal', '-wal-kept'];
/** Names in a folder that belongs to a store alone: its files, its backups, and what a file system adds. */
const OWN_NAMES = /^(?:\.?sluice[.-].*|lost\+found)$/;

/**
 * Takes the rights of other users away from the files of a store and from its folder: stores of older releases were
 * readable for all. A folder that holds anything else stays as it is. What cannot be changed is logged.
 */
export function makePrivate(path: string): void {
  for (const suffix of COMPANIONS) {
    restrict(`${path}${suffix}`, PRIVATE_FILE_MODE);
  }
  const folder = dirname(path);
  if (holdsStoreAlone(folder)) {
    restrict(folder, PRIVATE_FOLDER_MODE);
  }
}

/** Creates an empty database file that only its owner can read; SQLite gives its companions the same mode. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, 'a', PRIVATE_FILE_MODE));
}

/** Returns false also if the names cannot be read. */
function holdsStoreAlone(folder: string): boolean {
  try {
    return readdirSync(folder).every((name) => OWN_NAMES.test(name));
  } catch {
    return false;
  }
}

function restrict(path: string, mode: number): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (
    found === undefined ||
    found.isSymbolicLink() ||
    (found.mode & OTHERS) === 0 ||
    (found.mode & STICKY) !== 0
  ) {
    return;
  }
  try {
    chmodSync(path, mode);
  } catch (error) {
    new Logger('SQLite').warn(`${basename(path)} stays readable for other users: ${messageOf(error)}`);
  }
}
