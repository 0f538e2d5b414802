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

/** The content of a keys file. */
export interface KeysFile {
  readonly entries: readonly KeyEntry[];
  /** Clients whose keys are all revoked. Their names stay theirs, so that no token becomes such a client. */
  readonly formerClients: readonly string[];
}

/** The keys file cannot be used. The message says where and why, and contains no part of a hash. */
export class KeysFileError extends Error {
  override readonly name = 'KeysFileError';
}

const KEY_ID = /^[0-9a-f]{16}$/;
const FILE_FIELDS: ReadonlySet<string> = new Set(['keys', 'former_clients']);
const FIELDS: ReadonlySet<string> = new Set(['id', 'client', 'scopes', 'hash', 'created_at']);

/**
 * Parses the text of the keys file, YAML or JSON.
 * @throws KeysFileError
 */
export function readKeysFile(text: string): KeysFile {
  const document = parseYaml(text);
  if (!isObject(document) || !Array.isArray(document['keys']) || !hasKnownFields(document, FILE_FIELDS)) {
    throw new KeysFileError('it must contain a list named "keys", and perhaps one named "former_clients"');
  }
  const entries = document['keys'].map(toEntry);
  const ids = entries.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) {
    throw new KeysFileError(`the key id ${twice} is listed twice`);
  }
  return { entries, formerClients: toClientNames(document['former_clients'] ?? []) };
}

export function toVerifiableKey({ id, client, scopes, hash }: KeyEntry): VerifiableKey {
  const read = readKeyHash(hash);
  if (read === undefined) {
    throw new KeysFileError(`keys: the hash of ${id} is not a usable Argon2id hash`);
  }
  return { keyId: id, client: { name: client, scopes: new Set(scopes) }, hash: read };
}

export function writeKeysFile({ entries, formerClients }: KeysFile): string {
  const document = { keys: entries, ...(formerClients.length > 0 && { former_clients: formerClients }) };
  return `# API keys of Sluice: hashes only. Made with \`sluice keys\`.\n${stringify(document, { lineWidth: 0 })}`;
}

/** Returns the names that belong to keys, now or formerly. */
export function clientNamesOf({ entries, formerClients }: KeysFile): ReadonlySet<string> {
  return new Set([...entries.map(({ client }) => client), ...formerClients]);
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

function toClientNames(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((name) => typeof name === 'string' && isClientName(name))) {
    throw new KeysFileError('former_clients must be a list of names of clients');
  }
  return value as string[];
}

function hasKnownFields(value: object, known: ReadonlySet<string>): boolean {
  return Object.keys(value).every((field) => known.has(field));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScopeValue(value: unknown): value is Scope {
  return typeof value === 'string' && isScope(value);
}
