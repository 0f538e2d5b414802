import { argon2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Runtime } from '../../domain/runtime.js';

const derive = promisify(argon2);

/** Argon2id with the first parameters that OWASP recommends: 19 MiB, two passes. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** The PHC string format, as all Argon2 libraries write it: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]{11,86})\$([\w+/]{22,86})$/;
/** The limit keeps a keys file from making a check use all memory. */
export const MAX_MEMORY_KIB = 262_144;

/** The Argon2id parameters, salt and hash of one secret. */
export interface KeyHash {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** Hashes the secret with a new salt. Resolves with the PHC string. */
export async function hashKey(secret: string, runtime: Runtime): Promise<string> {
  const salt = runtime.randomBytes(SALT_BYTES);
  const tag = await derive('argon2id', { ...PARAMETERS, message: secret, nonce: salt, tagLength: TAG_BYTES });
  const { memory, passes, parallelism } = PARAMETERS;
  const terms = `m=${String(memory)},t=${String(passes)},p=${String(parallelism)}`;
  return `$argon2id$v=19$${terms}$${toBase64(salt)}$${toBase64(tag)}`;
}

/** Parses a PHC string. Returns undefined if it is malformed or its check would cost too much. */
export function readKeyHash(text: string): KeyHash | undefined {
  const [, memory, passes, parallelism, salt, tag] = PHC.exec(text) ?? [];
  const hash = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt ?? '', 'base64'),
    tag: Buffer.from(tag ?? '', 'base64'),
  };
  const isUsable =
    hash.memory >= 8 * hash.parallelism &&
    hash.memory <= MAX_MEMORY_KIB &&
    hash.passes * hash.parallelism > 0;
  return isUsable ? hash : undefined;
}

export async function verifyKeyHash(secret: string, hash: KeyHash): Promise<boolean> {
  const { memory, passes, parallelism, salt, tag } = hash;
  const terms = { memory, passes, parallelism };
  const derived = await derive('argon2id', { ...terms, message: secret, nonce: salt, tagLength: tag.length });
  return timingSafeEqual(derived, tag);
}

function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
