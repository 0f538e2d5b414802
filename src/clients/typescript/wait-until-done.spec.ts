import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { networkError, scripted, settled } from '../../../test/support/scripted-client.js';

describe('The client of the service waits until an ingestion is done', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const status = (name: string, etag: string) => Response.json({ status: name }, { headers: { etag } });

  it('by long polls that name the status it knows', async () => {
    const { sluice, seen } = scripted([
      status('triggered', '"1"'),
      new Response(null, { status: 304 }),
      networkError(),
      status('failed', '"2"'),
    ]);
    const changes: string[] = [];
    const outcome = await settled(
      sluice.waitUntilDone('a', { onChange: ({ status: name }) => changes.push(name) }),
    );

    expect(outcome).toEqual({ status: 'failed' });
    expect(changes).toEqual(['triggered', 'failed']);
    expect(seen.map(({ url, headers }) => [new URL(url).search, headers.get('if-none-match')])).toEqual([
      ['?batches=none&wait=0', null],
      ['?batches=none&wait=30', '"1"'],
      ['?batches=none&wait=30', '"1"'],
      ['?batches=none&wait=30', '"1"'],
    ]);
  });

  it('until the signal aborts', async () => {
    const { sluice } = scripted(Array.from({ length: 100 }, (_, i) => status('triggered', String(i))));
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(new Error('too late'));
    }, 1000);

    expect(await settled(sluice.waitUntilDone('a', { signal: controller.signal }))).toMatchObject({
      message: 'too late',
    });
  });
});
