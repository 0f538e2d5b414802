import { parse, stringify } from 'yaml';
import {
  isClientName,
  isScope,
  SCOPES,
  type AuthenticatedClient,
  type Scope,
} from '../../domain/authenticated-client.js';
import { readKeyHash, type KeyHash } from './key-hash.js';

/** A key that is accepted, with its parsed hash. */
export interface VerifiableKey {
  readonly keyId: string;
  readonly client: AuthenticatedClient;
  readonly hash: KeyHash;
}

/** A key as it is stored in the file. */
export interface KeyEntry {
  readonly id: string;
  readonly client: string;
  readonly scopes: readonly Scope[];
  readonly hash: string;
  readonly created_at?: string;
}

/** The keys file cannot be used. The message says where and why, and contains no part of a hash. */
export class KeysFileError extends Error {
  override readonly name = 'KeysFileError';
}

const KEY_ID = /^[0-9a-f]{16}$/;
const FIELDS: ReadonlySet<string> = new Set(['id', 'client', 'scopes', 'hash', 'created_at']);

/**
 * Parses the text of the keys file, YAML or JSON.
 * @throws KeysFileError
 */
export function readEntries(text: string): KeyEntry[] {
  const document = parseYaml(text);
  if (!isObject(document) || !Array.isArray(document['keys']) || Object.keys(document).length !== 1) {
    throw new KeysFileError('it must contain one list, named "keys"');
  }
  const entries = document['keys'].map(toEntry);
  const ids = entries.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) {
    throw new KeysFileError(`the key id ${twice} is listed twice`);
  }
  return entries;
}

export function toVerifiableKey({ id, client, scopes, hash }: KeyEntry): VerifiableKey {
  const read = readKeyHash(hash);
  if (read === undefined) {
    throw new KeysFileError(`keys: the hash of ${id} is not a usable Argon2id hash`);
  }
  return { keyId: id, client: { name: client, scopes: new Set(scopes) }, hash: read };
}

export function writeEntries(entries: readonly KeyEntry[]): string {
  return `# API keys of Sluice: hashes only. Made with \`sluice keys\`.\n${stringify({ keys: entries }, { lineWidth: 0 })}`;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    const [first] = String(error instanceof Error ? error.message : error).split('\n');
    throw new KeysFileError(`it is neither YAML nor JSON: ${first ?? ''}`);
  }
}

function toEntry(value: unknown, i: number): KeyEntry {
  const where = `keys[${String(i)}]`;
  if (!isObject(value)) {
    throw new KeysFileError(`${where} must contain id, client, scopes and hash`);
  }
  const unknown = Object.keys(value).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) {
    throw new KeysFileError(`${where} has a field "${unknown}" that is unknown`);
  }
  const { id, client, scopes, hash, created_at: createdAt } = value;
  if (typeof id !== 'string' || !KEY_ID.test(id)) {
    throw new KeysFileError(`${where}.id must be 16 hexadecimal digits, in quotes`);
  }
  if (typeof client !== 'string' || !isClientName(client)) {
    throw new KeysFileError(
      `${where}.client must be a name of 1 to 128 letters, digits or any of . : @ / | + - _`,
    );
  }
  if (!Array.isArray(scopes) || scopes.length === 0 || !scopes.every(isScopeValue)) {
    throw new KeysFileError(`${where}.scopes must be a list of some of ${SCOPES.join(', ')}`);
  }
  if (typeof hash !== 'string' || readKeyHash(hash) === undefined) {
    throw new KeysFileError(`${where}.hash must be an Argon2id hash, as \`sluice keys create\` writes it`);
  }
  return { id, client, scopes, hash, ...(typeof createdAt === 'string' && { created_at: createdAt }) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScopeValue(value: unknown): value is Scope {
  return typeof value === 'string' && isScope(value);
}
