import { hash, timingSafeEqual } from 'node:crypto';
import { readApiKey } from './api-key.js';
import { TooManyKeyChecksError } from './authenticator.js';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';
import { verifyKeyHash } from './key-hash.js';
import type { VerifiableKey } from './keys-file.js';

/** Memory-hard checks at once: each takes 19 MiB and a thread for some tens of milliseconds. */
const MAX_CONCURRENT_CHECKS = 2;
/** More than so many that wait are turned away, and of one key id no more than so many: one cannot shut out all. */
const MAX_QUEUED_CHECKS = 32;
const MAX_QUEUED_CHECKS_PER_KEY = 8;
/** Wrong keys that are remembered: a client with an old key costs one check, not one for each request. */
const MAX_REJECTED_KEYS = 10_000;

/**
 * The keys that are accepted. A key is checked against its memory-hard hash once; from then on the digest of what was
 * presented is compared, in constant time. Secrets have 256 random bits, so that a plain digest of them tells nothing.
 */
export class ApiKeyVerifier {
  private keys: ReadonlyMap<string, VerifiableKey> = new Map();
  /** Of each key id the digest of the one key that has passed. */
  private readonly verified = new Map<string, Buffer>();
  private readonly rejected = new Set<string>();
  private readonly inFlight = new Map<string, Promise<boolean>>();
  private readonly queuedByKeyId = new Map<string, number>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private derived = 0;

  /** How often a hash was computed: each costs some tens of milliseconds of a processor. */
  get derivations(): number {
    return this.derived;
  }

  /** From here on these are accepted, and no others. */
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

  /** Null where the key is none of them. @throws TooManyKeyChecksError */
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
    const underWay = this.inFlight.get(name) ?? this.check(known, text, digest, name);
    this.inFlight.set(name, underWay);
    return underWay;
  }

  private async check(known: VerifiableKey, text: string, digest: Buffer, name: string): Promise<boolean> {
    try {
      await this.acquireSlot(known.keyId);
      try {
        this.derived += 1;
        const isRight = await verifyKeyHash(text, known.hash);
        if (isRight) {
          this.verified.set(known.keyId, digest);
        } else {
          this.remember(name);
        }
        return isRight;
      } finally {
        this.running -= 1;
        this.waiting.shift()?.();
      }
    } finally {
      this.inFlight.delete(name);
    }
  }

  private async acquireSlot(keyId: string): Promise<void> {
    if (this.running >= MAX_CONCURRENT_CHECKS) {
      const ofOne = this.queuedByKeyId.get(keyId) ?? 0;
      if (this.waiting.length >= MAX_QUEUED_CHECKS || ofOne >= MAX_QUEUED_CHECKS_PER_KEY) {
        throw new TooManyKeyChecksError();
      }
      this.queuedByKeyId.set(keyId, ofOne + 1);
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
      this.leaveQueue(keyId);
    }
    this.running += 1;
  }

  private leaveQueue(keyId: string): void {
    const left = (this.queuedByKeyId.get(keyId) ?? 1) - 1;
    if (left === 0) {
      this.queuedByKeyId.delete(keyId);
    } else {
      this.queuedByKeyId.set(keyId, left);
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
