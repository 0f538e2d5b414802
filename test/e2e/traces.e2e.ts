import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { useApps } from '../support/app.js';
import { useBuiltService } from '../support/built-service.js';

jest.setTimeout(30_000);

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

interface Export {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

describe('Traces', () => {
  const start = useApps();
  const startBuilt = useBuiltService();
  let collector: Server;
  let spans: Span[] = [];
  beforeEach(async () => {
    spans = [];
    collector = createServer((request, response) => {
      void text(request).then((body) => {
        const { resourceSpans } = JSON.parse(body) as Export;
        spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
        response.setHeader('Content-Type', 'application/json').end('{}');
      });
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
  });
  afterEach(() => {
    collector.closeAllConnections();
    collector.close();
  });

  it('lead from the acceptance to the outcome, over the gap between, by the ids of both', async () => {
    const { port } = collector.address() as AddressInfo;
    const { app, request } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
      BATCH_DELAY: '0',
    });
    const { body } = await request
      .post('/ingest')
      .send({ ids: [1, 2, 3], priority: 'HIGH' })
      .expect(200);
    const ingestionId = String(body.ingestion_id);
    for (let status = ''; status !== 'completed';) {
      status = String((await request.get(`/status/${ingestionId}`)).body.status);
    }
    await app.close();

    const named = (name: string): Span | undefined => spans.find((span) => span.name === name);
    const accept = named('accept');
    const dispatch = named('dispatch');
    expect(accept?.traceId).toBe(ingestionId.replaceAll('-', ''));
    expect(dispatch?.links).toMatchObject([{ traceId: accept?.traceId, spanId: accept?.spanId }]);
    for (const name of ['claim', 'call', 'settle']) {
      expect([name, named(name)]).toMatchObject([
        name,
        { traceId: dispatch?.traceId, parentSpanId: dispatch?.spanId },
      ]);
    }
    expect(spans).toHaveLength(5);
  });

  it('go on with the trace that the client has begun, from which those of its lists are found', async () => {
    const { port } = collector.address() as AddressInfo;
    const { app, request } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
      BATCH_DELAY: '3600',
    });
    const parent = (i: number, flags: string): Readonly<Record<string, string>> => ({
      traceparent: `00-${String(i).repeat(32)}-${String(i).repeat(16)}-${flags}`,
    });
    const post = (id: number) => request.post('/ingest').send({ ids: [id], priority: 'HIGH' });
    // Sent together, so that one commit contains lists of several traces.
    const answers = await Promise.all([
      post(1).set(parent(1, '01')),
      post(2).set(parent(2, '01')),
      post(3).set(parent(3, '00')),
      post(4),
      request
        .post('/ingest/stream?priority=LOW')
        .set('Content-Type', 'text/plain')
        .set(parent(5, '01'))
        .send('5\n'),
    ]);
    const lists = answers.map(({ body }) => String(body.ingestion_id).replaceAll('-', ''));
    await app.close();

    const accepts = spans.filter(({ name }) => name === 'accept');
    const places = accepts.map(({ traceId, parentSpanId }) => `${traceId} ${String(parentSpanId)}`);
    expect(places.sort()).toEqual(
      [
        ...[1, 2, 5].map((i) => `${String(i).repeat(32)} ${String(i).repeat(16)}`),
        ...[lists[2], lists[3]].map((list) => `${String(list)} undefined`),
      ].sort(),
    );
    for (const [i, digit] of [
      [0, '1'],
      [1, '2'],
      [4, '5'],
    ] as const) {
      const accept = accepts.find(({ traceId }) => traceId === digit.repeat(32));
      expect(spans.find(({ traceId }) => traceId === lists[i])).toMatchObject({
        name: 'list',
        spanId: lists[i]?.slice(16),
        links: [{ traceId: accept?.traceId, spanId: accept?.spanId }],
      });
    }
  });

  it('are named on the lines of the log, those of a request and those of a dispatch', async () => {
    const { port } = collector.address() as AddressInfo;
    const service = await startBuilt({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}`,
      LOG_LEVEL: 'DEBUG',
      MOCK_DELAY_MIN: '0',
      MOCK_DELAY_MAX: '0',
    });
    const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
    const post = (body: string, headers: Readonly<Record<string, string>>) =>
      fetch(`${service.url}/ingest`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body,
      });
    await post('{"ids":[1],"priority":"HIGH"}', { traceparent });
    await post('{"ids":[1],"priority":"HIGH"}', { traceparent });
    await post('{"ids":[2],"priority":"HIGH"}', {});
    expect(await service.stop()).toBe(0);
    const lines = service.printed
      .trimEnd()
      .split('\n')
      .slice(1) // the first line may be truncated: only the end is kept
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const named = (key: string): string[] =>
      lines
        .filter((line) => key in line)
        .map((line) => `${String(line['trace_id'])} ${String(line['span_id'])}`);
    const exported = (name: string): string[] =>
      spans.filter((span) => span.name === name).map(({ traceId, spanId }) => `${traceId} ${spanId}`);

    const [joined, own] = exported('accept');
    expect(named('request_id')).toEqual([joined, `${'1'.repeat(32)} ${'2'.repeat(16)}`, own]);
    expect(named('dispatch_id').length).toBeGreaterThan(0);
    expect([...new Set(named('dispatch_id'))]).toEqual(exported('dispatch'));
  });
});
