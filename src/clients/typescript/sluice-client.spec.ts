import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ACCEPTED, LIST, problem, scripted, settled } from '../../../test/support/scripted-client.js';
import { SluiceApiError } from './api-error.js';

describe('The client of the service', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('refuses a number that is not exact, before it sends anything', async () => {
    const { sluice, seen } = scripted([]);

    await expect(sluice.submit({ ids: [1, 2 ** 53], priority: 'LOW' })).rejects.toThrow(
      'ids[1] is a number that is not exact: use a bigint',
    );
    expect(seen).toEqual([]);
  });

  it('throws the error of the service', async () => {
    const { sluice } = scripted([problem(404)]);
    const outcome = await settled(sluice.results('a').next());

    expect(outcome).toBeInstanceOf(SluiceApiError);
    expect(outcome).toMatchObject({ status: 404, message: 'it is 404', problem: { status_code: 404 } });
  });

  it('estimates a list without submitting it', async () => {
    const { sluice, seen } = scripted([Response.json({ ids_ahead: 7 })]);

    expect(await sluice.estimate(LIST)).toEqual({ ids_ahead: 7 });
    expect(seen.map(({ url }) => url)).toEqual(['http://sluice/ingest?dry_run=true']);
  });

  it('yields the items of all pages, fetched one by one, over empty ones', async () => {
    const { sluice, seen } = scripted([
      Response.json({ results: [{ id: 1 }, { id: 2 }], next: '2' }),
      Response.json({ results: [], next: '4' }),
      Response.json({ results: [{ id: 5 }], next: null }),
    ]);
    const results = sluice.results('a/b', { status: 'failed', limit: 2 });

    expect((await results.next()).value).toEqual({ id: 1n });
    expect(seen.length).toBe(1);
    expect(await Array.fromAsync(results)).toEqual([{ id: 2n }, { id: 5n }]);
    expect(seen.map(({ url }) => url)).toEqual([
      'http://sluice/ingestions/a%2Fb/results?status=failed&limit=2',
      'http://sluice/ingestions/a%2Fb/results?status=failed&limit=2&after=2',
      'http://sluice/ingestions/a%2Fb/results?status=failed&limit=2&after=4',
    ]);
  });

  it('yields ingestions and dead letters, too', async () => {
    const { sluice, seen } = scripted([
      Response.json({ ingestions: [ACCEPTED], next: null }),
      Response.json({ dead_letters: [{ id: 3, position: 0 }], next: null }),
    ]);

    expect(await Array.fromAsync(sluice.ingestions({ lane: 'crm' }))).toEqual([ACCEPTED]);
    expect(await Array.fromAsync(sluice.deadLetters({ kind: 'timeout' }))).toEqual([{ id: 3n, position: 0 }]);
    expect(seen.map(({ url }) => url)).toEqual([
      'http://sluice/ingestions?lane=crm',
      'http://sluice/dead-letters?kind=timeout',
    ]);
  });
});
