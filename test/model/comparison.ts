import { expect } from '@jest/globals';
import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import type { Priority } from '../../src/domain/priority.js';
import type { Dispatch } from '../../src/domain/dispatch.js';
import type { SingleClaim } from '../support/claims.js';
import { findWhole, idsOf } from '../contract/gate.js';
import type { OpenStore } from '../contract/stores.js';
import type { Filling } from './filling.js';
import { LANES, type Item, type List, type Reference } from './reference.js';
import { IngestionListService } from '../../src/ingestion/listing/ingestion-list.service.js';
import { listDeadLetters } from '../support/list-dead-letters.js';

const MANY = 100_000;

/** Expects the claim that the reference predicts; returns its dispatch, or null if there is none. */
export function compareClaim(
  claim: SingleClaim,
  { reference, lane }: { readonly reference: Reference; readonly lane: string },
  next: readonly Item[],
  filling: Filling | null,
  slackMs: number,
): Dispatch | null {
  if (reference.quietForMs() > 0) {
    expectMs(claim, 'slot_closed', reference.quietForMs(), slackMs);
  } else if (reference.opensInMs(lane) > 0) {
    expectMs(claim, 'slot_closed', reference.opensInMs(lane), slackMs);
  } else if (reference.isPaused(lane)) {
    expect(claim).toEqual({ kind: 'paused' });
  } else if (reference.heldForMs(lane) > 0) {
    expectMs(claim, 'held', reference.heldForMs(lane), slackMs);
  } else if (next.length === 0) {
    expectMs(claim, 'nothing_due', reference.nextDueInMs(lane), slackMs);
  } else if (filling !== null) {
    expectMs(claim, 'filling', filling.opensInMs, slackMs);
    expect(
      Math.abs((claim.kind === 'filling' ? claim.fullInMs : NaN) - filling.fullInMs),
    ).toBeLessThanOrEqual(slackMs);
  } else if (claim.kind === 'dispatch') {
    return claim.dispatch;
  } else {
    throw new Error(`${String(next.length)} ids should go, but ${JSON.stringify(claim)}`);
  }
  return null;
}

/** Expects the dispatch to have exactly these ids, in this order, each as part of its batch. */
export function compareDispatch(dispatch: Dispatch, items: readonly Item[]): void {
  const ids = idsOf(dispatch);
  const sent = dispatch.parts
    .flatMap(({ ingestionId, batchNo, first, size, failures }) =>
      Array.from({ length: size }, (_, i) => ({ ingestionId, batchNo, position: first + i, failures })),
    )
    .map((place, i) => ({ ...place, id: ids[i] }));
  expect(sent).toEqual(
    items.map(({ list, batch, position, failures, id }) => ({
      ingestionId: list.ingestionId,
      batchNo: batch,
      position,
      failures,
      id,
    })),
  );
  expect(ids).toHaveLength(items.length);
}

/** Compares a client's view of the list: its counts, ids, and started batches with their counts. */
export async function compareList(store: OpenStore, list: List): Promise<void> {
  const { ingestionId, lane, priority, items } = list;
  const snapshot = await findWhole(store.ingestions, ingestionId);
  const head = {
    ingestionId,
    lane,
    priority,
    total: items.length,
    dispatched: items.filter(({ batch }) => batch !== null).length,
    cancelledAtMs: list.isCancelled ? expect.any(Number) : null,
    cancelReason: list.cancelReason,
    isScheduled: list.dueMs !== null,
    labels: list.shop === null ? null : { shop: list.shop },
    ...countsOf(items),
  };
  expect(snapshot?.ingestion).toMatchObject(head);
  expect(await store.ingestions.findById(ingestionId)).toEqual(snapshot?.ingestion);
  expect(unpackBigIntIds(snapshot?.packedIds ?? new Uint8Array())).toEqual(items.map(({ id }) => id));
  const batches = Array.from({ length: list.batches }, (_, batch) =>
    items.filter((item) => item.batch === batch),
  );
  expect(snapshot?.started.map(({ error, ...batch }) => ({ ...batch, hasError: error !== null }))).toEqual(
    batches.map((batch) => ({
      first: batch[0]?.position,
      size: batch.length,
      ...countsOf(batch),
      hasError: countsOf(batch).failed > 0,
    })),
  );
}

/** Compares the dead letters, newest first, with all attempts. Returns their ids. */
export async function compareDeadLetters(store: OpenStore, dead: readonly Item[]): Promise<bigint[]> {
  const letters = (await listDeadLetters(store, {}, null, MANY)).sort(
    (one, other) => other.deadLetterNo - one.deadLetterNo,
  );
  const ids = letters.flatMap(({ packedId }) => unpackBigIntIds(packedId));
  expect(
    letters.map(({ ingestionId, position, batchNo, attempts }, i) => ({
      ingestionId,
      position,
      batchNo,
      id: ids[i],
      attempts: attempts.map(({ kind }) => kind),
    })),
  ).toEqual(
    dead.toReversed().map(({ list, position, batch, id, attempts }) => ({
      ingestionId: list.ingestionId,
      position,
      batchNo: batch,
      id,
      attempts,
    })),
  );
  return ids;
}

/** Expects the running totals to equal a count. */
export async function compareQueue(store: OpenStore, reference: Reference): Promise<void> {
  for (const lane of LANES) {
    const items = reference.itemsOf(lane);
    const countOf = (state: Item['state'], priority?: Priority): number =>
      items.filter(
        (item) =>
          item.state === state &&
          (priority ?? item.list.priority) === item.list.priority &&
          (state !== 'new' || item.list.dueMs === null),
      ).length;
    expect(await store.queue.stats(lane)).toMatchObject({
      pausedAtMs: reference.isPaused(lane) ? expect.any(Number) : null,
      pending: { HIGH: countOf('new', 'HIGH'), MEDIUM: countOf('new', 'MEDIUM'), LOW: countOf('new', 'LOW') },
      scheduled: items.filter(({ state, list }) => state === 'new' && list.dueMs !== null).length,
      pendingRetries: countOf('waiting'),
      inFlight: countOf('in flight'),
    });
  }
  const pending = reference.lists.filter(
    ({ items: of, dueMs }) => dueMs === null && of.some(({ state }) => state === 'new'),
  );
  for (const list of pending) {
    const { ingestion } = (await store.ingestions.findWithBatches(list.ingestionId, 0, 1)) ?? {};
    const place = await store.ingestions.positionOf(list.lane, list.priority, ingestion?.seq ?? 0);
    expect(place.pendingAhead + place.retriesAhead).toBe(reference.idsAhead(list));
  }
}

/** Compares what the listing finds by each label, the newest first. */
export async function compareLabels(store: OpenStore, reference: Reference): Promise<void> {
  const listing = new IngestionListService(store.ingestions, store.runtime);
  for (const shop of ['a', 'b'] as const) {
    const { ingestions } = await listing.list({ labels: { shop } }, null, MANY);
    const expected = reference.lists
      .filter((list) => list.shop === shop)
      .sort((one, other) => other.createdMs - one.createdMs || other.listedSeq - one.listedSeq);
    expect(ingestions.map(({ ingestionId }) => ingestionId)).toEqual(
      expected.map(({ ingestionId }) => ingestionId),
    );
  }
}

function countsOf(items: readonly Item[]): { completed: number; failed: number; cancelled: number } {
  const count = (state: Item['state']): number => items.filter((item) => item.state === state).length;
  return { completed: count('completed'), failed: count('failed'), cancelled: count('dropped') };
}

function expectMs(claim: SingleClaim, kind: SingleClaim['kind'], ms: number | null, slackMs: number): void {
  expect(claim.kind).toBe(kind);
  const given =
    claim.kind === 'slot_closed' || claim.kind === 'held' || claim.kind === 'filling'
      ? claim.opensInMs
      : claim.kind === 'nothing_due'
        ? claim.dueInMs
        : null;
  if (ms === null || given === null) {
    expect(given).toBe(ms);
  } else {
    expect(Math.abs(given - ms)).toBeLessThanOrEqual(slackMs);
  }
}
