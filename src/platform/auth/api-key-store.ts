import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { newApiKey } from './api-key.js';
import type { Scope } from '../../domain/authenticated-client.js';
import type { Runtime } from '../../domain/runtime.js';
import { hashKey } from './key-hash.js';
import { KeysFileError, readEntries, writeEntries, type KeyEntry } from './keys-file.js';

/** Only the owner may read the file. */
const FILE_MODE = 0o600;

/**
 * Creates a key and stores its hash, in a new file if there is none. Resolves with the key, which is not
 * stored anywhere.
 * @throws KeysFileError
 */
export async function createKey(
  path: string,
  client: string,
  scopes: readonly Scope[],
  runtime: Runtime,
): Promise<string> {
  const { keyId, text } = newApiKey(runtime);
  const entry: KeyEntry = {
    id: keyId,
    client,
    scopes: [...new Set(scopes)],
    hash: await hashKey(text, runtime),
    created_at: new Date(runtime.wallMs()).toISOString(),
  };
  write(path, [...(existsSync(path) ? listKeys(path) : []), entry]);
  return text;
}

/**
 * Removes a key. Returns false if there is no key with this id.
 * @throws KeysFileError
 */
export function revokeKey(path: string, keyId: string): boolean {
  const entries = listKeys(path);
  const kept = entries.filter(({ id }) => id !== keyId);
  if (kept.length < entries.length) {
    write(path, kept);
  }
  return kept.length < entries.length;
}

/** @throws KeysFileError */
export function listKeys(path: string): KeyEntry[] {
  if (!existsSync(path)) {
    throw new KeysFileError('it does not exist');
  }
  return readEntries(readFileSync(path, 'utf8'));
}

/** Replaces the whole file atomically: a service that reads it meanwhile sees either the old or the new file. */
function write(path: string, entries: readonly KeyEntry[]): void {
  readEntries(writeEntries(entries));
  const draft = `${path}.${String(process.pid)}.tmp`;
  const file = openSync(draft, 'wx', FILE_MODE);
  try {
    writeSync(file, writeEntries(entries));
    fsyncSync(file);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
