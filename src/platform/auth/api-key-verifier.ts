import { hash, timingSafeEqual } from 'node:crypto';
import { readApiKey } from './api-key.js';
import { TooManyChecksError } from './authenticator.js';
import type { Client } from './authenticated-client.js';
import { matchesHash } from './key-hash.js';
import type { KnownKey } from './keys-file.js';

/** Memory-hard checks at once: each takes 19 MiB and a thread for some tens of milliseconds. */
const CHECKS_AT_ONCE = 2;
/** More than so many that wait are turned away, and of one key id no more than so many: one cannot shut out all. */
const MOST_WAITING = 32;
const MOST_WAITING_OF_ONE = 8;
/** Wrong keys that are remembered: a client with an old key costs one check, not one for each request. */
const WRONG_KEYS_KEPT = 10_000;

/**
 * The keys that are accepted. A key is checked against its memory-hard hash once; from then on the digest of what was
 * presented is compared, in constant time. Secrets have 256 random bits, so that a plain digest of them tells nothing.
 */
export class KeyRing {
  private keys: ReadonlyMap<string, KnownKey> = new Map();
  /** Of each key id the digest of the one key that has passed. */
  private readonly passed = new Map<string, Buffer>();
  private readonly wrong = new Set<string>();
  private readonly underWay = new Map<string, Promise<boolean>>();
  private readonly waitingOf = new Map<string, number>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private derived = 0;

  /** How often a hash was computed: each costs some tens of milliseconds of a processor. */
  get derivations(): number {
    return this.derived;
  }

  /** From here on these are accepted, and no others. */
  replace(keys: readonly KnownKey[]): void {
    const before = this.keys;
    this.keys = new Map(keys.map((key) => [key.keyId, key]));
    for (const keyId of this.passed.keys()) {
      const [old, now] = [before.get(keyId), this.keys.get(keyId)];
      if (old === undefined || now === undefined || !old.hash.tag.equals(now.hash.tag)) {
        this.passed.delete(keyId);
      }
    }
    this.wrong.clear();
  }

  /** Null where the key is none of them. @throws TooManyChecksError */
  async find(text: string): Promise<Client | null> {
    const keyId = readApiKey(text)?.keyId;
    const known = keyId === undefined ? undefined : this.keys.get(keyId);
    if (known === undefined) {
      return null;
    }
    const digest = hash('sha256', text, 'buffer');
    const passed = this.passed.get(known.keyId);
    if (passed !== undefined && timingSafeEqual(passed, digest)) {
      return known.client;
    }
    return (await this.isRight(known, text, digest)) && this.keys.get(known.keyId) === known
      ? known.client
      : null;
  }

  private async isRight(known: KnownKey, text: string, digest: Buffer): Promise<boolean> {
    const name = digest.toString('latin1');
    if (this.wrong.has(name)) {
      return false;
    }
    const underWay = this.underWay.get(name) ?? this.check(known, text, digest, name);
    this.underWay.set(name, underWay);
    return underWay;
  }

  private async check(known: KnownKey, text: string, digest: Buffer, name: string): Promise<boolean> {
    try {
      await this.waitForTurn(known.keyId);
      try {
        this.derived += 1;
        const isRight = await matchesHash(text, known.hash);
        if (isRight) {
          this.passed.set(known.keyId, digest);
        } else {
          this.remember(name);
        }
        return isRight;
      } finally {
        this.running -= 1;
        this.waiting.shift()?.();
      }
    } finally {
      this.underWay.delete(name);
    }
  }

  private async waitForTurn(keyId: string): Promise<void> {
    if (this.running >= CHECKS_AT_ONCE) {
      const ofOne = this.waitingOf.get(keyId) ?? 0;
      if (this.waiting.length >= MOST_WAITING || ofOne >= MOST_WAITING_OF_ONE) {
        throw new TooManyChecksError();
      }
      this.waitingOf.set(keyId, ofOne + 1);
      await new Promise<void>((resolve) => {
        this.waiting.push(resolve);
      });
      this.leaveQueue(keyId);
    }
    this.running += 1;
  }

  private leaveQueue(keyId: string): void {
    const left = (this.waitingOf.get(keyId) ?? 1) - 1;
    if (left === 0) {
      this.waitingOf.delete(keyId);
    } else {
      this.waitingOf.set(keyId, left);
    }
  }

  private remember(name: string): void {
    this.wrong.add(name);
    if (this.wrong.size > WRONG_KEYS_KEPT) {
      const [oldest = ''] = this.wrong;
      this.wrong.delete(oldest);
    }
  }
}
