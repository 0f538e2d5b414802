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
import { KeysFileError, readKeysFile, writeKeysFile, type KeyEntry, type KeysFile } from './keys-file.js';

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
  const { entries, formerClients } = existsSync(path) ? read(path) : { entries: [], formerClients: [] };
  write(path, {
    entries: [...entries, entry],
    formerClients: formerClients.filter((name) => name !== client),
  });
  return text;
}

/**
 * Removes a key. Returns false if there is no key with this id. The name of a client without a key stays in the file, so
 * that no token becomes this client.
 * @throws KeysFileError
 */
export function revokeKey(path: string, keyId: string): boolean {
  const { entries, formerClients } = read(path);
  const revoked = entries.find(({ id }) => id === keyId);
  if (revoked === undefined) {
    return false;
  }
  const kept = entries.filter((entry) => entry !== revoked);
  const hasOtherKey = kept.some(({ client }) => client === revoked.client);
  write(path, {
    entries: kept,
    formerClients: hasOtherKey ? formerClients : [...new Set([...formerClients, revoked.client])],
  });
  return true;
}

/** @throws KeysFileError */
export function listKeys(path: string): readonly KeyEntry[] {
  return read(path).entries;
}

function read(path: string): KeysFile {
  if (!existsSync(path)) {
    throw new KeysFileError('it does not exist');
  }
  return readKeysFile(readFileSync(path, 'utf8'));
}

/** Replaces the whole file atomically: a service that reads it meanwhile sees either the old or the new file. */
function write(path: string, content: KeysFile): void {
  const text = writeKeysFile(content);
  readKeysFile(text);
  const draft = `${path}.${String(process.pid)}.tmp`;
  const file = openSync(draft, 'wx', FILE_MODE);
  try {
    writeSync(file, text);
    fsyncSync(file);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
