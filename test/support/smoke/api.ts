import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { waitFor } from '../wait-for.js';
import { LARGE_ID, REFUSED_ID } from './outside.js';

/** The observation of a step. Equal services give equal observations. */
export type Observation = unknown;

type Headers = Readonly<Record<string, string>>;

const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g;
const PORT = /127\.0\.0\.1:\d+/g;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
/** Fields whose values differ from run to run. */
const VARYING =
  /"(?:timestamp|uptime_seconds|event_loop_delay_ms|ids_ahead|created|latency_ms|[a-z_]*(?:_at|_ms|_seconds|_bytes|_dir)|cursor|next|file|bytes|description|version_text|store|claims|slot[a-z_]*)":(?:"[^"]*"|[\d.]+|null|\{[^{}]*\})/g;

/** Replaces the parts of a text that differ from run to run. */
export function normalize(text: string): string {
  return text
    .replaceAll(UUID, '<uuid>')
    .replaceAll(PORT, '<host>')
    .replaceAll(TIME, '<time>')
    .replaceAll(VARYING, '"<varying>"');
}

/** Uses the HTTP API of a service, feature by feature. */
export class SmokeApi {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  async ask(method: string, path: string, body?: string | Buffer, headers: Headers = {}): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${this.key}`,
        ...(typeof body === 'string' && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      redirect: 'manual',
    });
  }

  /** Status, type and normalized text of an answer. */
  async observe(
    method: string,
    path: string,
    body?: string | Buffer,
    headers?: Headers,
  ): Promise<Observation> {
    const response = await this.ask(method, path, body, headers);
    const text = normalize(await response.text());
    return [response.status, response.headers.get('content-type'), text];
  }

  async submit(ids: readonly (number | bigint)[], fields = ''): Promise<string> {
    const response = await this.ask('POST', '/ingest', `{"ids":[${ids.join()}],"priority":"HIGH"${fields}}`);
    const answer = await response.text();
    if (response.status !== 200) {
      throw new Error(`POST /ingest: ${answer}`);
    }
    return (JSON.parse(answer) as { ingestion_id: string }).ingestion_id;
  }

  async untilEnded(id: string): Promise<string> {
    const text = await waitFor(
      `list ${id} to end`,
      async () => (await this.ask('GET', `/status/${id}`)).text(),
      (status) =>
        /"status":"(?:completed|failed|cancelled)","batches"|"ended_at":"/.test(status.slice(0, 200)),
    );
    return text.replace(/,"priority".*/, '');
  }

  /** Pages and every file that they name, by the hash of their content. */
  async pages(): Promise<Observation> {
    const seen: Record<string, Observation> = {};
    const visit = async (path: string): Promise<void> => {
      const response = await this.ask('GET', path);
      const content = Buffer.from(await response.arrayBuffer());
      seen[path] = [response.status, response.headers.get('content-type'), hash(content)];
      if (response.headers.get('content-type')?.startsWith('text/html') === true) {
        for (const [, file = ''] of content.toString().matchAll(/(?:src|href)="\.\/([^"]+)"/g)) {
          await visit(`/${file}`);
        }
      }
    };
    for (const page of ['/', '/docs', '/redoc', '/openapi.json']) {
      await visit(page);
    }
    return seen;
  }

  async errors(): Promise<Observation> {
    return [
      await this.observe('GET', '/nowhere'),
      await this.observe('PUT', '/queue'),
      await this.observe('POST', '/ingest', '{'),
      await this.observe('POST', '/ingest', '{"ids":["1"],"priority":"HIGH"}'),
      await this.observe('POST', '/ingest', '{"ids":[0],"priority":"TOP","more":1}'),
      await this.observe('POST', '/ingest', '{}', { 'Content-Type': 'text/plain' }),
      await this.observe('GET', '/ingestions?limit=0&status=none'),
      await this.observe('GET', '/queue', undefined, { Authorization: 'Bearer wrong' }),
    ];
  }

  async list(callbackUrl: string): Promise<Observation> {
    const id = await this.submit(
      [1, 2, LARGE_ID, REFUSED_ID, 10_000_000_000_000_000_007n],
      `,"callback_url":"${callbackUrl}"`,
    );
    const ended = normalize(await this.untilEnded(id));
    const results = await (await this.ask('GET', `/ingestions/${id}/results`)).text();
    const again = await this.observe('POST', `/ingestions/${id}/redrive`);
    await this.untilEnded(id);
    return [
      ended,
      sortedResults(results),
      again,
      await this.observe('GET', '/dead-letters/counts'),
      await this.observe('GET', `/status/${id}?batches=none`),
    ];
  }

  async streams(): Promise<Observation> {
    const csv = Buffer.from('id,name\n11,a\n12,b\n13,c\n');
    const answers: Observation[] = [];
    for (const [content, type, encoding] of [
      [csv, 'text/csv', ''],
      [gzipSync(csv), 'text/csv', 'gzip'],
      [Buffer.from('{"id":21}\n22\n'), 'application/x-ndjson', ''],
    ] as const) {
      const response = await this.ask('POST', '/ingest/stream?priority=LOW', content, {
        'Content-Type': type,
        ...(encoding !== '' && { 'Content-Encoding': encoding }),
      });
      const accepted = (await response.json()) as { ingestion_id: string; total: number };
      answers.push([
        response.status,
        accepted.total,
        normalize(await this.untilEnded(accepted.ingestion_id)),
      ]);
    }
    return answers;
  }

  async control(): Promise<Observation> {
    const paused = await this.observe('POST', '/queue/pause');
    const id = await this.submit([31, 32, 33]);
    const seen = [
      paused,
      await this.observe('PATCH', `/ingestions/${id}`, '{"priority":"LOW"}'),
      await this.observe('GET', '/queue/next'),
      await this.observe('POST', `/ingestions/${id}/cancel`),
      await this.observe('POST', '/queue/resume'),
    ];
    return [...seen, await this.observe('GET', '/ingestions?limit=1')];
  }

  /** The first event of a list. */
  async events(): Promise<Observation> {
    const id = await this.submit([41]);
    await this.untilEnded(id);
    const response = await this.ask('GET', `/status/${id}/events`);
    return [response.status, response.headers.get('content-type'), normalize(await response.text())];
  }

  async operation(): Promise<Observation> {
    const metrics = await (await this.ask('GET', '/metrics')).text();
    return [
      [...metrics.matchAll(/^# TYPE .*$/gm)].map(([line]) => line).toSorted(),
      (await this.ask('GET', '/health')).status,
      (await this.ask('GET', '/health/live')).status,
      (await this.ask('GET', '/health/ready')).status,
      (await this.ask('GET', '/history')).status,
      (await this.ask('GET', '/dispatches')).status,
      (await this.ask('GET', '/webhook-deliveries')).status,
      (await this.ask('GET', '/events', undefined, { Accept: 'text/event-stream' })).status,
      await this.observe('GET', '/whoami'),
      (await this.ask('GET', '/queue')).headers.get('ratelimit-policy'),
      await this.observe('POST', '/backup'),
    ];
  }
}

function hash(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The results by id: ids of one dispatch end in any order. */
function sortedResults(text: string): Observation {
  const results = normalize(text).match(/\{"id":\d+.*?\}(?=,\{"id"|\])/g) ?? [normalize(text)];
  return results
    .map((each) => each.replaceAll(/a{1000,}/g, (long) => `a x ${String(long.length)}`))
    .toSorted();
}
