import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { silent } from '../support/scripted-api.js';
import { useApps, type TestApp } from '../support/app.js';
import { EventStream } from '../support/event-stream.js';
import { listen } from '../support/raw-http.js';
import { waitFor } from '../support/wait-for.js';
import { StatusEventBuilder } from '../../src/ingestion/status/live/status-event-builder.js';

jest.setTimeout(60_000);

const DETAIL =
  '2 event streams, long polls, streamed lists and long responses of this client are open already';

describe('Streams that a client keeps open', () => {
  const start = useApps();
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Starts a service with one ingestion that stays in flight; resolves with its base URL too. */
  async function startWithIngestion(
    variables: Readonly<Record<string, string>> = {},
  ): Promise<{ service: TestApp; id: string; url: string }> {
    const service = await start(variables, silent());
    const url = `http://127.0.0.1:${String(await listen(service.app))}`;
    const id = await service.client.submit([1, 2, 3]);
    await service.client.waitForStatus(id, 'triggered');
    return { service, id, url };
  }

  it('are refused with 429 beyond the limit, whatever their kind, and accepted again when one has ended', async () => {
    const { service, id, url } = await startWithIngestion({ MAX_STREAMS_PER_CLIENT: '2' });
    const first = await EventStream.open(`${url}/status/${id}/events`);
    const second = await EventStream.open(`${url}/events`);
    expect([first.status, second.status]).toEqual([200, 200]);
    for (const refused of [
      service.request.get(`/status/${id}/events`),
      service.request.get('/events'),
      service.request.get(`/status/${id}?wait=30`),
      service.request.get(`/ingestions/${id}/results`).set('Accept', 'application/x-ndjson'),
      service.request.post('/ingest/stream?priority=LOW').set('Content-Type', 'text/plain').send('1\n'),
    ]) {
      const { status, headers, body } = await refused;
      expect([status, headers['retry-after'], body.detail]).toEqual([429, '5', DETAIL]);
    }
    await service.request.get(`/status/${id}`).expect(200);
    first.close();
    const reopened = await waitFor(
      'a stream to be accepted',
      () => EventStream.open(`${url}/status/${id}/events`),
      ({ status }) => status === 200,
    );
    reopened.close();
    second.close();
  });

  it('are each told the state once when they open, not again for each one that follows', async () => {
    const { id, url } = await startWithIngestion();
    const told = jest.spyOn(StatusEventBuilder.prototype, 'next');
    const streams: EventStream[] = [];
    for (let i = 0; i < 20; i++) {
      const stream = await EventStream.open(`${url}/status/${id}/events`);
      streams.push(stream);
      await stream.events().next();
    }
    expect(told.mock.calls).toHaveLength(20);
    streams.forEach((stream) => {
      stream.close();
    });
  });
});
