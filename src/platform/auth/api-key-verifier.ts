import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../domain/clock.js';
import { readApiKey } from './api-key.js';
import { AttemptBudget } from './attempt-budget.js';
import { TooManyKeyChecksError } from './authenticator.js';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';
import { verifyKeyHash } from './key-hash.js';
import type { VerifiableKey } from './keys-file.js';

/**
 * Memory-hard checks that run at the same time: each takes 19 MiB and one thread for some tens of
 * milliseconds.
 */
export const MAX_CONCURRENT_CHECKS = 2;
/** Checks that may be queued for one key id. More are rejected; those of other key ids have places of their own. */
export const MAX_QUEUED_CHECKS_PER_KEY = 8;
/**
 * Wrong secrets of one key id that are checked without a pause. A check costs memory and processor time, so each one is
 * counted before its hash is computed; a right secret resets the count.
 */
export const MAX_WRONG_SECRETS_PER_KEY = 20;
/** The time after which one more wrong secret of a key id may be checked. */
export const WRONG_SECRET_REFILL_MS = 1000;
/** Wrong keys that are remembered: a client with an old key costs one check, not one per request. */
export const MAX_REJECTED_KEYS = 10_000;

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
  /** The queued checks by key id; key ids take turns in the order of this map. */
  private readonly waiting = new Map<string, (() => void)[]>();
  private readonly wrongSecrets: AttemptBudget;
  private running = 0;
  private derived = 0;

  constructor(clock: Clock) {
    this.wrongSecrets = new AttemptBudget(MAX_WRONG_SECRETS_PER_KEY, WRONG_SECRET_REFILL_MS, clock);
  }

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
      if (old === undefined || now === undefined || !haveSameHash(old, now)) {
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
    if (passed !== undefined) {
      return timingSafeEqual(passed, digest) ? known.client : null; // a key id has one secret: no hash is needed
    }
    const isRight = await this.matches(known, text, digest);
    return isRight ? (this.keys.get(known.keyId)?.client ?? null) : null;
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
      await this.acquireSlot(known.keyId);
      try {
        return await this.checkInSlot(known, text, digest, name);
      } finally {
        this.running -= 1;
        this.startNext();
      }
    } finally {
      this.inFlight.delete(name);
    }
  }

  private async checkInSlot(
    known: VerifiableKey,
    text: string,
    digest: Buffer,
    name: string,
  ): Promise<boolean> {
    const passed = this.verified.get(known.keyId);
    if (passed !== undefined) {
      return timingSafeEqual(passed, digest); // the right secret has passed while this one waited
    }
    if (!this.wrongSecrets.take(known.keyId)) {
      throw new TooManyKeyChecksError();
    }
    this.derived += 1;
    const isRight = await verifyKeyHash(text, known.hash);
    const current = this.keys.get(known.keyId);
    if (current === undefined || !haveSameHash(current, known)) {
      return false; // the key was removed or replaced meanwhile: the result says nothing about the new one
    }
    if (isRight) {
      this.wrongSecrets.reset(known.keyId);
      this.verified.set(known.keyId, digest);
    } else {
      this.remember(name);
    }
    return isRight;
  }

  private async acquireSlot(keyId: string): Promise<void> {
    if (this.running >= MAX_CONCURRENT_CHECKS) {
      const queued = this.waiting.get(keyId) ?? [];
      if (queued.length >= MAX_QUEUED_CHECKS_PER_KEY) {
        throw new TooManyKeyChecksError();
      }
      this.waiting.set(keyId, queued);
      await new Promise<void>((resolve) => {
        queued.push(resolve);
      });
    }
    this.running += 1;
  }

  /** Starts one check of the key id whose turn it is; then that key id is the last one in line. */
  private startNext(): void {
    const [next] = this.waiting;
    if (next === undefined) {
      return;
    }
    const [keyId, queued] = next;
    this.waiting.delete(keyId);
    const start = queued.shift();
    if (queued.length > 0) {
      this.waiting.set(keyId, queued);
    }
    start?.();
  }

  private remember(name: string): void {
    this.rejected.add(name);
    if (this.rejected.size > MAX_REJECTED_KEYS) {
      const [oldest = ''] = this.rejected;
      this.rejected.delete(oldest);
    }
  }
}

function haveSameHash(a: VerifiableKey, b: VerifiableKey): boolean {
  return a.hash.tag.equals(b.hash.tag);
}
