import { hash, timingSafeEqual } from 'node:crypto';
import pLimit from 'p-limit';
import { readApiKey } from './api-key.js';
import { TooManyKeyChecksError } from './authenticator.js';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';
import { verifyKeyHash } from './key-hash.js';
import type { VerifiableKey } from './keys-file.js';

/**
 * Memory-hard checks that run at the same time: each takes 19 MiB and one thread for some tens of
 * milliseconds.
 */
const MAX_CONCURRENT_CHECKS = 2;
/** Checks that may run or be queued, in total and per key id. More are rejected; one key id cannot block all others. */
const MAX_CHECKS = MAX_CONCURRENT_CHECKS + 32;
const MAX_CHECKS_PER_KEY = MAX_CONCURRENT_CHECKS + 8;
/** Wrong keys that are remembered: a client with an old key costs one check, not one per request. */
const MAX_REJECTED_KEYS = 10_000;

/**
 * Verifies API keys. A key is checked against its memory-hard hash once; after that the SHA-256 digest of the
 * presented key is compared in constant time. A plain digest is safe because secrets have 256 random bits.
 */
export class ApiKeyVerifier {
  private keys: ReadonlyMap<string, VerifiableKey> = new Map();
  /** The digest of the one key that has passed, by key id. */
  private readonly verified = new Map<string, Buffer>();
  private readonly rejected = new Set<string>();
  private readonly inFlight = new Map<string, Promise<boolean>>();
  private readonly checksByKeyId = new Map<string, number>();
  private readonly inTurn = pLimit(MAX_CONCURRENT_CHECKS);
  private derived = 0;

  /** The number of hashes computed. Each costs some tens of milliseconds of CPU time. */
  get derivations(): number {
    return this.derived;
  }

  /** Accepts these keys, and no others, from now on. */
  replace(keys: readonly VerifiableKey[]): void {
    const before = this.keys;
    this.keys = new Map(keys.map((key) => [key.keyId, key]));
    for (const keyId of this.verified.keys()) {
      const [old, now] = [before.get(keyId), this.keys.get(keyId)];
      if (old === undefined || now === undefined || !old.hash.tag.equals(now.hash.tag)) {
        this.verified.delete(keyId);
      }
    }
    this.rejected.clear();
  }

  /**
   * Resolves with the client of the key; null if the key is not accepted.
   * @throws TooManyKeyChecksError
   */
  async verify(text: string): Promise<AuthenticatedClient | null> {
    const keyId = readApiKey(text)?.keyId;
    const known = keyId === undefined ? undefined : this.keys.get(keyId);
    if (known === undefined) {
      return null;
    }
    const digest = hash('sha256', text, 'buffer');
    const passed = this.verified.get(known.keyId);
    if (passed !== undefined && timingSafeEqual(passed, digest)) {
      return known.client;
    }
    return (await this.matches(known, text, digest)) && this.keys.get(known.keyId) === known
      ? known.client
      : null;
  }

  private async matches(known: VerifiableKey, text: string, digest: Buffer): Promise<boolean> {
    const name = digest.toString('latin1');
    if (this.rejected.has(name)) {
      return false;
    }
    const check = this.inFlight.get(name) ?? this.check(known, text, digest, name);
    this.inFlight.set(name, check);
    return check;
  }

  private async check(known: VerifiableKey, text: string, digest: Buffer, name: string): Promise<boolean> {
    try {
      const isRight = await this.verifyInTurn(known, text);
      if (isRight) {
        this.verified.set(known.keyId, digest);
      } else {
        this.remember(name);
      }
      return isRight;
    } finally {
      this.inFlight.delete(name);
    }
  }

  private async verifyInTurn({ keyId, hash: keyHash }: VerifiableKey, text: string): Promise<boolean> {
    const { inTurn, checksByKeyId } = this;
    const checksOfKey = checksByKeyId.get(keyId) ?? 0;
    if (inTurn.activeCount + inTurn.pendingCount >= MAX_CHECKS || checksOfKey >= MAX_CHECKS_PER_KEY) {
      throw new TooManyKeyChecksError();
    }
    checksByKeyId.set(keyId, checksOfKey + 1);
    try {
      return await inTurn(() => {
        this.derived += 1;
        return verifyKeyHash(text, keyHash);
      });
    } finally {
      const left = (checksByKeyId.get(keyId) ?? 1) - 1;
      if (left === 0) {
        checksByKeyId.delete(keyId);
      } else {
        checksByKeyId.set(keyId, left);
      }
    }
  }

  private remember(name: string): void {
    this.rejected.add(name);
    if (this.rejected.size > MAX_REJECTED_KEYS) {
      const [oldest = ''] = this.rejected;
      this.rejected.delete(oldest);
    }
  }
}
