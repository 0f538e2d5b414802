import { describe, expect, it } from '@jest/globals';
import { useApps } from '../support/app.js';
import { idRange } from '../support/lists.js';
import { refuseForGood, silent } from '../support/scripted-api.js';

interface Batch {
  readonly batch_id: string;
  readonly ids: readonly number[];
  readonly status: string;
}

describe('GET /status/{id}', () => {
  const start = useApps();

  it('counts the ids behind the status', async () => {
    const app = await start({}, silent());
    const id = await app.client.submit(idRange(1, 7));
    const { body } = await app.request.get(`/status/${id}`).expect(200);

    expect(body.progress).toEqual({
      total: 7,
      yet_to_start: 4,
      in_flight: 3,
      completed: 0,
      failed: 0,
      cancelled: 0,
      percent: 0,
    });
  });

  it('leaves the batches out with batches=none', async () => {
    const app = await start({}, silent());
    const id = await app.client.submit(idRange(1, 7));
    const { body: whole } = await app.request.get(`/status/${id}`).expect(200);
    const { body: head } = await app.request.get(`/status/${id}?batches=none`).expect(200);

    const { batches, ...others } = whole;
    expect(batches).toHaveLength(3);
    expect(head).toEqual(others);
  });

  it('pages through begun and planned batches alike, each once', async () => {
    const app = await start({}, silent());
    const id = await app.client.submit(idRange(1, 20));
    const { body: whole } = await app.request.get(`/status/${id}`).expect(200);
    const pages: Batch[][] = [];
    for (let after: string | null = '0'; after !== null;) {
      const page: { body: { batches: Batch[]; next: string | null } } = await app.request
        .get(`/status/${id}?limit=3&after=${after}`)
        .expect(200);
      pages.push(page.body.batches);
      after = page.body.next;
    }

    expect(whole.next).toBeUndefined();
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(whole.batches);
    const { body: behind } = await app.request.get(`/status/${id}?after=7`).expect(200);
    expect(behind).toMatchObject({ batches: [], next: null });
  });

  it('writes a long list whole, every id once and in order', async () => {
    const app = await start({ BATCH_SIZE: '2' }, silent());
    const id = await app.client.submit(idRange(1, 20_001));
    const { body, headers } = await app.request.get(`/status/${id}`).expect(200);
    const { batches, ...others } = body as { batches: Batch[] };

    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(batches.flatMap(({ ids }) => ids)).toEqual(idRange(1, 20_001));
    expect(new Set(batches.map(({ batch_id: batchId }) => batchId)).size).toBe(10_001);
    expect((await app.request.get(`/status/${id}?batches=none`)).body).toEqual(others);
  });

  it.each([
    ['limit=0', 'limit must be an integer from 1 to 10000'],
    ['limit=10001', 'limit must be an integer from 1 to 10000'],
    ['limit=x', 'limit must be an integer from 1 to 10000'],
    ['after=-1', 'after is not the `next` of a page'],
    ['after=1.5', 'after is not the `next` of a page'],
    ['batches=some', 'batches must be all or none'],
    ['page=2', 'page is not a known parameter'],
    ['limit=1&limit=2', 'limit must be given once'],
  ])('refuses ?%s', async (query, detail) => {
    const app = await start({}, silent());
    const id = await app.client.submit([1]);
    expect((await app.request.get(`/status/${id}?${query}`).expect(400)).body.detail).toBe(detail);
  });

  describe('is known by its tag:', () => {
    it('304 without a body while nothing changes, and another tag when something does', async () => {
      const app = await start({ BATCH_DELAY: '0' }, silent());
      const id = await app.client.submit([1, 2]);
      const { headers } = await app.request.get(`/status/${id}`).expect(200);
      const tag = String(headers['etag']);
      const unchanged = await app.request.get(`/status/${id}`).set('If-None-Match', tag).expect(304);
      expect(unchanged.text).toBe('');
      app.api.answerWith(refuseForGood);
      await app.client.submit([3]);

      await app.request.get(`/status/${id}`).set('If-None-Match', tag).expect(304);
      expect(headers['cache-control']).toBe('private, no-cache');
    });

    it('of an answer, not of the list: a page has another one', async () => {
      const app = await start({}, silent());
      const id = await app.client.submit(idRange(1, 7));
      const tags = await Promise.all(
        ['', '?batches=none', '?limit=1', '?limit=1&after=1'].map(
          async (query) => (await app.request.get(`/status/${id}${query}`)).headers['etag'],
        ),
      );

      expect(new Set(tags).size).toBe(4);
    });

    it('changes with an outcome; what is kept is asked for again, whatever came of it', async () => {
      const app = await start({ BATCH_DELAY: '0' });
      const completed = await app.client.submit([1]);
      await app.client.waitForStatus(completed, 'completed');
      const { headers: done } = await app.request.get(`/status/${completed}`).expect(200);
      app.api.answerWith(refuseForGood);
      const refused = await app.client.submit([2]);
      await app.client.waitForStatus(refused, 'failed');
      const { headers: failed } = await app.request.get(`/status/${refused}`).expect(200);

      expect(done['cache-control']).toBe('private, no-cache');
      expect(failed['cache-control']).toBe('private, no-cache');
    });

    it('is 404 for an unknown one, whatever tag it names', async () => {
      const app = await start();
      await app.request.get('/status/unknown').set('If-None-Match', '"a"').expect(404);
      await app.request.get('/status/unknown?batches=none').expect(404);
    });
  });
});
