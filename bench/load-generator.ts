/** Reads a load from its standard input, runs it with autocannon, and writes the result to its standard output. */
import { text } from 'node:stream/consumers';
import autocannon, { type Options, type Request } from 'autocannon';
import type { Load, LoadKind, LoadResult } from './load.ts';

const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'];

const load = JSON.parse(await text(process.stdin)) as Load;
let sent = 0;

const options: Options = {
  url: load.url,
  connections: load.connections,
  requests: [requestOf(load.kind)],
  ...(load.seconds !== undefined && { duration: load.seconds }),
  ...(load.requests !== undefined && { amount: load.requests }),
};
const result = await autocannon(options);
const unchanged = load.kind.name === 'status unchanged' ? (result.statusCodeStats?.['304']?.count ?? 0) : 0;
const answered = result['2xx'] + unchanged;
process.stdout.write(
  JSON.stringify({
    perSecond: answered / result.duration,
    answered,
    refused: result.non2xx - unchanged + result.errors + result.timeouts,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    p999Ms: result.latency.p99_9,
    nextId: load.kind.name === 'ingest' ? load.kind.firstId + sent * load.kind.idsPerRequest : 0,
  } satisfies Omit<LoadResult, 'cpuMicros'>),
);

function requestOf(kind: LoadKind): Request {
  if (kind.name === 'status') {
    return {
      setupRequest: (request) => ({
        ...request,
        path: `/status/${kind.ingestionIds[sent++ % kind.ingestionIds.length] ?? ''}`,
      }),
    };
  }
  if (kind.name === 'status unchanged') {
    return {
      setupRequest: (request) => {
        const { ingestionId = '', etag = '' } = kind.held[sent++ % kind.held.length] ?? {};
        return { ...request, path: `/status/${ingestionId}`, headers: { 'if-none-match': etag } };
      },
    };
  }
  const { idsPerRequest, firstId } = kind;
  return {
    method: 'POST',
    path: '/ingest',
    headers: { 'content-type': 'application/json' },
    setupRequest: (request) => {
      const first = firstId + sent * idsPerRequest;
      const ids = Array.from({ length: idsPerRequest }, (_, i) => first + i);
      const priority = PRIORITIES[sent % PRIORITIES.length];
      sent += 1;
      return { ...request, body: JSON.stringify({ ids, priority }) };
    },
  };
}
