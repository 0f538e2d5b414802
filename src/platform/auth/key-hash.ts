import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** OWASP's first choice for Argon2id: 19 MiB, two passes. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** The form that every library of Argon2 writes: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]{11,86})\$([\w+/]{22,86})$/;
/** A file cannot make the check of a key take all memory. */
const MAX_MEMORY_KIB = 262_144;

/** Terms and result of Argon2id for one secret. */
export interface KeyHash {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** A hash of that secret under a salt of its own, as text. */
export async function hashKey(secret: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await derive('argon2id', { ...PARAMETERS, message: secret, nonce: salt, tagLength: TAG_BYTES });
  const { memory, passes, parallelism } = PARAMETERS;
  const terms = `m=${String(memory)},t=${String(passes)},p=${String(parallelism)}`;
  return `$argon2id$v=19$${terms}$${toBase64(salt)}$${toBase64(tag)}`;
}

/** Undefined where the text is no such hash, or one that would cost too much. */
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
