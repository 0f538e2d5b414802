import { expect } from '@jest/globals';
import type { Acceptance, NewIngestion } from '../../src/domain/ingestion.js';
import { newIngestion } from '../contract/gate.js';
import type { NewList } from './steps.js';

interface Kept {
  readonly size: number;
  readonly ingestionId: string;
  readonly endsMs: number;
}

/** Makes requests with unique ids, and remembers the idempotency keys in use. */
export class Requests {
  private readonly kept = new Map<number, Kept>();
  private ids = 0n;

  constructor(private readonly windowMs: number) {}

  idsFor({ size }: NewList): bigint[] {
    return Array.from({ length: size }, () => ++this.ids);
  }

  make(list: NewList, ids: readonly bigint[]): NewIngestion {
    const { lane, client, priority, size, key, shop, dueInMs, expiresInMs } = list;
    const windowMs = this.windowMs;
    const named =
      key === null ? undefined : { key: Buffer.from([key]), content: Buffer.from(String(size)), windowMs };
    return {
      ...newIngestion(priority, ids, named),
      lane,
      client,
      ...(shop !== null && { labels: { shop } }),
      ...(dueInMs !== null && { notBefore: { inMs: dueInMs } }),
      ...(expiresInMs !== null && { expiresAt: { inMs: expiresInMs } }),
    };
  }

  /**
   * Tells whether the request is new. A repeat within the window must get the first response, or a conflict.
   */
  isNew(
    { size, key }: NewList,
    ingestionId: string,
    acceptance: Acceptance | undefined,
    nowMs: number,
  ): boolean {
    const kept = key === null ? undefined : this.kept.get(key);
    if (kept !== undefined && nowMs < kept.endsMs) {
      expect(acceptance).toEqual(
        kept.size === size ? { kind: 'replayed', ingestionId: kept.ingestionId } : { kind: 'conflict' },
      );
      return false;
    }
    expect(acceptance).toEqual({ kind: 'accepted', ingestionId });
    if (key !== null) {
      this.kept.set(key, { size, ingestionId, endsMs: nowMs + this.windowMs });
    }
    return true;
  }

  /** Frees the key of an ingestion that was removed. */
  forget(ingestionId: string): void {
    for (const [key, kept] of this.kept) {
      if (kept.ingestionId === ingestionId) {
        this.kept.delete(key);
      }
    }
  }
}
