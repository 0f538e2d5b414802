import { expect } from '@jest/globals';
import type { Acceptance, NewIngestion } from '../../src/domain/ingestion.js';
import { newIngestion } from '../contract/gate.js';
import type { NewList } from './steps.js';

interface Kept {
  readonly size: number;
  readonly ingestionId: string;
  readonly endsMs: number;
}

/** Makes requests of lists, each with ids that no other has, and remembers which of them name the same one. */
export class Requests {
  private readonly kept = new Map<number, Kept>();
  private ids = 0n;

  constructor(private readonly windowMs: number) {}

  idsFor({ size }: NewList): bigint[] {
    return Array.from({ length: size }, () => ++this.ids);
  }

  make({ lane, client, priority, size, key }: NewList, ids: readonly bigint[]): NewIngestion {
    const windowMs = this.windowMs;
    const named =
      key === null ? undefined : { key: Buffer.from([key]), content: Buffer.from(String(size)), windowMs };
    return { ...newIngestion(priority, ids, named), lane, client };
  }

  /** Whether the request is a new one. The same again within the window is answered as the first was. */
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
}
