import { describe, expect, it, jest } from '@jest/globals';
import { packIds, unpackBigIntIds, type Id } from '../../src/domain/packed-ids.js';
import type { Acceptance, Idempotency, NewIngestion } from '../../src/domain/ingestion.js';
import { DEFAULT_LANE } from '../../src/domain/lane.js';
import type { Priority } from '../../src/domain/priority.js';
import { STAGING_CHUNK_IDS } from '../../src/ingestion/streaming/staging.repository.js';
import { StoreUnavailableError } from '../../src/domain/store-errors.js';
import { idRange } from '../support/lists.js';
import { COMPLETED, HOUR, MINUTE, newIngestion, useGate } from './gate.js';
import { STORES } from './stores.js';

jest.setTimeout(30_000);

type Staged = Required<NewIngestion>['staged'];

const AGE_MS = 24 * HOUR;
const EVERYTHING = 100_000;
const EXACT = [1n, 9007199254740993n, 9223372036854775808n, 10000000000000000007n];

describe.each(STORES)('$name: staging of streamed lists', (underTest) => {
  const gate = useGate(underTest);

  function append(
    stagingNo: number,
    ids: readonly Id[],
    precedingIds: number,
    leaseMs = MINUTE,
  ): Promise<void> {
    return gate.store.staging.append(stagingNo, { packedIds: packIds(ids), precedingIds }, leaseMs);
  }

  async function stage(ids: readonly Id[], idsPerBlock = STAGING_CHUNK_IDS): Promise<Staged> {
    const stagingNo = await gate.store.staging.create(MINUTE, null);
    for (let first = 0; first < ids.length; first += idsPerBlock) {
      await append(stagingNo, ids.slice(first, first + idsPerBlock), first);
    }
    return { stagingNo, ids: ids.length };
  }

  async function acceptStaged(
    staged: Staged,
    priority: Priority = 'LOW',
    idempotency?: Idempotency,
  ): Promise<Acceptance | undefined> {
    const [acceptance] = await gate.acceptAll([{ ...newIngestion(priority, [], idempotency), staged }]);
    return acceptance;
  }

  async function idOf(acceptance: Promise<Acceptance | undefined>): Promise<string> {
    const given = await acceptance;
    if (given?.kind !== 'accepted') {
      throw new Error(`not accepted: ${JSON.stringify(given)}`);
    }
    return given.ingestionId;
  }

  /**
   * Removes everything expired; resolves with the number of steps, each of at most a thousand rows of ids.
   */
  async function removeAll(): Promise<number> {
    for (let steps = 1; ; steps++) {
      if (!(await gate.store.maintenance.deleteExpired(AGE_MS))) {
        return steps;
      }
    }
  }

  async function waits(): Promise<unknown> {
    return (await gate.store.queue.stats(DEFAULT_LANE)).pending;
  }

  it('keeps ids exactly, in their order, in blocks of any multiple, and sends them from any place', async () => {
    const ids = [...EXACT, ...idRange(1, 4321).map(BigInt)];
    const id = await idOf(acceptStaged(await stage(ids, 3 * STAGING_CHUNK_IDS)));

    const { ingestion, packedIds } = await gate.find(id);
    expect(ingestion).toMatchObject({ total: ids.length, dispatched: 0, priority: 'LOW', ingestionId: id });
    expect(unpackBigIntIds(packedIds)).toEqual(ids);
    const sent: bigint[] = [];
    for (const batchSize of [3, 499, 1001, EVERYTHING]) {
      const dispatch = await gate.dispatch({ batchSize });
      sent.push(...dispatch.parts.flatMap((part) => unpackBigIntIds(part.packedIds)));
      await gate.settle(dispatch, COMPLETED);
    }
    expect(sent).toEqual(ids);
    expect((await gate.find(id)).ingestion.completed).toBe(ids.length);
  });

  it('hides a list from the queue until it is accepted, and orders it by acceptance then', async () => {
    const staged = await stage(idRange(1, 3));
    const before = await waits();
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
    await gate.accept('LOW', [10]);
    await acceptStaged(staged);
    await gate.accept('LOW', [20]);

    expect(before).toEqual({ HIGH: 0, MEDIUM: 0, LOW: 0 });
    expect(await waits()).toEqual({ HIGH: 0, MEDIUM: 0, LOW: 5 });
    expect((await gate.drain({ batchSize: 1 })).flat()).toEqual([10n, 1n, 2n, 3n, 20n]);
  });

  it('stages several lists side by side', async () => {
    const [one, other] = [
      await gate.store.staging.create(MINUTE, null),
      await gate.store.staging.create(MINUTE, null),
    ];
    for (let block = 0; block < 3; block++) {
      const idsBefore = block * STAGING_CHUNK_IDS;
      await append(one, idRange(1 + idsBefore, STAGING_CHUNK_IDS), idsBefore);
      await append(other, idRange(10_001 + idsBefore, STAGING_CHUNK_IDS), idsBefore);
    }

    const ids = [
      await idOf(acceptStaged({ stagingNo: other, ids: 3 * STAGING_CHUNK_IDS })),
      await idOf(acceptStaged({ stagingNo: one, ids: 3 * STAGING_CHUNK_IDS })),
    ];
    const found = await Promise.all(ids.map((id) => gate.find(id)));
    expect(found.map(({ packedIds }) => unpackBigIntIds(packedIds))).toEqual([
      idRange(10_001, 3 * STAGING_CHUNK_IDS).map(BigInt),
      idRange(1, 3 * STAGING_CHUNK_IDS).map(BigInt),
    ]);
  });

  it('replays a staged list by its key as any other list', async () => {
    const [key, content] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
    const idempotency = { key, content, windowMs: HOUR };
    const first = await idOf(acceptStaged(await stage(idRange(1, 700)), 'HIGH', idempotency));

    const again = await stage(idRange(1, 700));
    expect(await acceptStaged(again, 'HIGH', idempotency)).toEqual({ kind: 'replayed', ingestionId: first });
    const other = await stage(idRange(1, 3));
    expect(await acceptStaged(other, 'HIGH', { ...idempotency, content: key })).toEqual({ kind: 'conflict' });
    await gate.store.staging.abandon(again.stagingNo);
    await gate.store.staging.abandon(other.stagingNo);
    await removeAll();
    expect((await gate.drain({ batchSize: EVERYTHING })).flat()).toEqual(idRange(1, 700).map(BigInt));
  });

  it('makes one list of two with one key at the same moment', async () => {
    const idempotency = { key: new Uint8Array(16), content: new Uint8Array(16), windowMs: HOUR };
    const lists = await Promise.all([stage(idRange(1, 10)), stage(idRange(1, 10))]);
    const answers = await Promise.all(lists.map((staged) => acceptStaged(staged, 'HIGH', idempotency)));

    expect(answers.map((answer) => answer?.kind).sort()).toEqual(['accepted', 'replayed']);
    expect((await gate.drain({ batchSize: EVERYTHING })).flat()).toHaveLength(10);
  });

  it('removes a list that was given up, in small steps', async () => {
    const staged = await stage(idRange(1, 600_000), 200 * STAGING_CHUNK_IDS);
    const { stagingNo } = staged;
    await gate.store.staging.abandon(stagingNo);

    await expect(append(stagingNo, [1], 600_000)).rejects.toThrow(StoreUnavailableError);
    await expect(acceptStaged(staged)).rejects.toThrow(StoreUnavailableError);
    await gate.store.staging.abandon(stagingNo);
    await gate.store.staging.renew(stagingNo, MINUTE);
    expect(await removeAll()).toBeGreaterThanOrEqual(2);
    expect(await gate.claim()).toEqual({ kind: 'nothing_due', dueInMs: null });
    expect(await waits()).toEqual({ HIGH: 0, MEDIUM: 0, LOW: 0 });
  });

  it('refuses blocks that leave a hole, and accepts no list that is not whole', async () => {
    const [stagingNo, ids] = [await gate.store.staging.create(MINUTE, null), 2 * STAGING_CHUNK_IDS];
    await append(stagingNo, idRange(1, STAGING_CHUNK_IDS), 0);
    for (const idsBefore of [0, 2 * STAGING_CHUNK_IDS]) {
      await expect(append(stagingNo, [1], idsBefore)).rejects.toThrow(StoreUnavailableError);
    }
    for (const other of [0, STAGING_CHUNK_IDS - 1, ids]) {
      await expect(acceptStaged({ stagingNo, ids: other })).rejects.toThrow(StoreUnavailableError);
    }
    await append(stagingNo, idRange(STAGING_CHUNK_IDS + 1, STAGING_CHUNK_IDS), STAGING_CHUNK_IDS);

    const id = await idOf(acceptStaged({ stagingNo, ids }));
    expect(unpackBigIntIds((await gate.find(id)).packedIds)).toEqual(idRange(1, ids).map(BigInt));
  });

  it('keeps a list as long as its lease is renewed, and no longer', async () => {
    const [renewed, extended, forgotten] = [
      await stage(idRange(1, 500)),
      await stage(idRange(1, 500)),
      await stage([1]),
    ];
    await gate.store.advance(MINUTE - 5000);
    await gate.store.staging.renew(renewed.stagingNo, HOUR);
    await append(extended.stagingNo, [501], 500, HOUR);
    await gate.store.advance(10_000);
    await removeAll();

    await expect(acceptStaged(forgotten)).rejects.toThrow(StoreUnavailableError);
    expect((await gate.find(await idOf(acceptStaged(renewed)))).ingestion.total).toBe(500);
    expect((await gate.find(await idOf(acceptStaged({ ...extended, ids: 501 })))).ingestion.total).toBe(501);
  });

  it('removes what outlives its process once the lease is over', async () => {
    const accepted = await idOf(acceptStaged(await stage(idRange(1, 1000))));
    await stage(idRange(1, 600_000), 200 * STAGING_CHUNK_IDS);
    await gate.restart();
    await gate.store.advance(MINUTE);

    expect(await removeAll()).toBeGreaterThanOrEqual(2);
    expect((await gate.drain({ batchSize: EVERYTHING })).flat()).toEqual(idRange(1, 1000).map(BigInt));
    expect((await gate.find(accepted)).ingestion.completed).toBe(1000);
    // The number is not reused for a later list.
    const after = await idOf(acceptStaged(await stage([7])));
    expect(unpackBigIntIds((await gate.find(after)).packedIds)).toEqual([7n]);
  });

  it('deletes the ids of a list with its ingestion', async () => {
    const id = await idOf(acceptStaged(await stage(idRange(1, 1200))));
    await gate.drain({ batchSize: EVERYTHING });
    await gate.store.advance(AGE_MS);
    await removeAll();

    expect(await gate.store.ingestions.findById(id)).toBeNull();
  });
});
