import { writeFileSync } from 'node:fs';
import { newApiKey } from '../../src/platform/auth/api-key.js';
import type { Scope } from '../../src/domain/authenticated-client.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { hashKey } from '../../src/platform/auth/key-hash.js';
import { writeKeysFile, type KeyEntry } from '../../src/platform/auth/keys-file.js';

/** Writes a file of keys; resolves with the key of each client. */
export async function writeKeys<Name extends string>(
  path: string,
  clients: Readonly<Record<Name, readonly Scope[]>>,
): Promise<Record<Name, string>> {
  const runtime = new SystemRuntime();
  const keys: Record<string, string> = {};
  const entries: KeyEntry[] = [];
  for (const [client, scopes] of Object.entries<readonly Scope[]>(clients)) {
    const { keyId, text } = newApiKey(runtime);
    keys[client] = text;
    entries.push({ id: keyId, client, scopes, hash: await hashKey(text, runtime) });
  }
  writeFileSync(path, writeKeysFile({ entries, formerClients: [] }));
  return keys;
}
