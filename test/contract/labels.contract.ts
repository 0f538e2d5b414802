import { describe, expect, it } from '@jest/globals';
import type { IngestionRecord, NewIngestion } from '../../src/domain/ingestion.js';
import type { Labels } from '../../src/domain/labels.js';
import {
  IngestionListService,
  MAX_SCANNED,
  type IngestionFilter,
} from '../../src/ingestion/listing/ingestion-list.service.js';
import { COMPLETED, MINUTE, newIngestion, retryIn, useGate } from './gate.js';
import { STORES } from './stores.js';

const EXACT: Labels = { shop: 'Käse = "alt"\\ 🧀', 'job.name': ' a ' };

describe.each(STORES)('$name: labels', (underTest) => {
  const gate = useGate(underTest);

  function labelled(labels: Labels, more: Partial<NewIngestion> = {}): NewIngestion {
    return { ...newIngestion('MEDIUM', [1, 2]), labels, ...more };
  }

  async function accept(labels: Labels, more: Partial<NewIngestion> = {}): Promise<string> {
    const ingestion = labelled(labels, more);
    await gate.acceptAll([ingestion]);
    return ingestion.ingestionId;
  }

  /** Resolves with the ids of every page until the last. */
  async function pagesOf(filter: IngestionFilter, limit: number): Promise<string[][]> {
    const service = new IngestionListService(gate.store.ingestions, gate.store.runtime);
    const pages: string[][] = [];
    let after = null;
    do {
      const { ingestions, next } = await service.list(filter, after, limit);
      pages.push(ingestions.map((ingestion: IngestionRecord) => ingestion.ingestionId));
      after = next;
    } while (after !== null);
    return pages;
  }

  it('are kept exactly, over a restart, and shown with the list wherever it is read', async () => {
    const id = await accept(EXACT);
    await gate.restart();

    expect((await gate.find(id)).ingestion.labels).toEqual(EXACT);
    expect((await gate.store.ingestions.findById(id))?.labels).toEqual(EXACT);
    expect((await gate.store.ingestions.findMany([id])).map(({ labels }) => labels)).toEqual([EXACT]);
    expect(await pagesOf({ labels: EXACT }, 10)).toEqual([[id]]);
  });

  it('are null for a list without any, also beside one that has some', async () => {
    const plain = newIngestion('MEDIUM', [1]);
    await gate.acceptAll([plain, labelled({ shop: 'a' }), labelled({})]);

    expect((await gate.find(plain.ingestionId)).ingestion.labels).toBeNull();
    expect(await pagesOf({ labels: { shop: 'a' } }, 10)).toHaveLength(1);
  });

  it('find lists by an exact match of name and value, the newest first, page by page', async () => {
    const ids: string[] = [];
    for (const shop of ['a', 'b', 'a', 'A', 'aa', 'a']) {
      ids.push(await accept({ shop, job: 'x' }));
      await gate.store.advance(MINUTE);
    }
    await gate.accept('HIGH', [1]);

    expect(await pagesOf({ labels: { shop: 'a' } }, 2)).toEqual([[ids[5], ids[2]], [ids[0]]]);
    expect(await pagesOf({ labels: { shop: 'b' } }, 2)).toEqual([[ids[1]]]);
    expect(await pagesOf({ labels: { shop: 'c' } }, 2)).toEqual([[]]);
    expect(await pagesOf({ labels: { hop: 'a' } }, 2)).toEqual([[]]);
  });

  it('find together with other labels, client, lane, priority, status and time', async () => {
    const a = { shop: 'a', job: 'x' };
    const first = await accept(a, { client: 'billing' });
    await gate.settle(await gate.dispatch(), COMPLETED);
    const { createdAtMs } = (await gate.find(first)).ingestion;
    await gate.store.advance(MINUTE);
    const second = await accept({ shop: 'a', job: 'y' }, { client: 'billing', priority: 'HIGH' });
    const third = await accept(a, { lane: 'crm', client: 'crm' });
    await accept({ shop: 'b', job: 'x' }, { client: 'billing', priority: 'HIGH', lane: 'crm' });

    const by = async (filter: IngestionFilter): Promise<string[]> =>
      (await pagesOf({ labels: { shop: 'a' }, ...filter }, 10)).flat();
    expect(await by({})).toEqual([third, second, first]);
    expect(await by({ labels: a })).toEqual([third, first]);
    expect(await by({ labels: { job: 'x', shop: 'a' } })).toEqual([third, first]);
    expect(await by({ client: 'billing' })).toEqual([second, first]);
    expect(await by({ client: 'nobody' })).toEqual([]);
    expect(await by({ lane: 'crm' })).toEqual([third]);
    expect(await by({ priority: 'HIGH' })).toEqual([second]);
    expect(await by({ status: 'completed' })).toEqual([first]);
    expect(await by({ createdFromMs: createdAtMs + 1 })).toEqual([third, second]);
    expect(await by({ createdToMs: createdAtMs })).toEqual([first]);
  });

  it('find a list however many others there are, with and without a client', async () => {
    const others = Array.from({ length: MAX_SCANNED + 1 }, () =>
      labelled({ shop: 'b' }, { client: 'billing' }),
    );
    const wanted = labelled({ shop: 'a' }, { client: 'billing' });
    const ofOther = labelled({ shop: 'b' }, { client: 'crm' });
    await gate.acceptAll([wanted, ofOther, ...others]);

    expect(await pagesOf({ labels: { shop: 'a' } }, 10)).toEqual([[wanted.ingestionId]]);
    expect(await pagesOf({ labels: { shop: 'b' }, client: 'crm' }, 10)).toEqual([[ofOther.ingestionId]]);
  });

  it('find a list by the rarest of its labels in one page, in whatever order they are given', async () => {
    const others = Array.from({ length: MAX_SCANNED + 1 }, () => labelled({ shop: 'b', kind: 'c' }));
    const wanted = labelled({ shop: 'b', kind: 'c', job: 'x' });
    await gate.acceptAll([wanted, ...others]);

    for (const labels of [
      { job: 'x', shop: 'b', kind: 'c' },
      { shop: 'b', kind: 'c', job: 'x' },
    ]) {
      expect(await pagesOf({ labels }, 10)).toEqual([[wanted.ingestionId]]);
    }
    expect(await pagesOf({ labels: { shop: 'b', job: 'y' } }, 10)).toEqual([[]]);
  });

  it('come with each dispatch of the list, also with a retry', async () => {
    await accept({ shop: 'a' });
    await gate.accept('MEDIUM', [3]);

    const dispatch = await gate.dispatch();
    expect(dispatch.parts.map(({ labels }) => labels)).toEqual([{ shop: 'a' }, undefined]);
    await gate.settle(dispatch, retryIn(0));
    const retried = await gate.dispatch();
    expect(retried.parts.map(({ labels }) => labels)).toEqual([{ shop: 'a' }, { shop: 'a' }, undefined]);
  });

  it('are in the message about the end of the list', async () => {
    await accept({ shop: 'a' }, { callbackUrl: 'https://example.com/hook' });
    await accept({}, { callbackUrl: 'https://example.com/hook' });
    await gate.drain();

    const deliveries = await gate.store.deliveries.claim(10, MINUTE);
    expect(deliveries.map(({ labels }) => labels)).toEqual([{ shop: 'a' }, undefined]);
  });

  it('leave nothing behind when the list is deleted or expires', async () => {
    const deleted = await accept({ shop: 'a' });
    await accept({ shop: 'a' });
    await gate.drain();
    expect(await gate.store.maintenance.deleteIngestionStep(deleted)).toBe('deleted');
    expect((await pagesOf({ labels: { shop: 'a' } }, 1)).flat()).toHaveLength(1);

    await gate.store.advance(MINUTE);
    while (await gate.store.maintenance.deleteExpired(1)) {
      // until nothing is left
    }
    expect(await pagesOf({ labels: { shop: 'a' } }, 10)).toEqual([[]]);
  });
});
