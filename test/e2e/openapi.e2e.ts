import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { parseExact } from '../crash/exact-json.js';
import { useSharedService } from '../support/built-service.js';

jest.setTimeout(30_000);

const PROBLEM = 'application/problem+json';
const LARGEST_ID = 10000000000000000007n;

/** The status codes of every endpoint with access control for clients without access or over their limit. */
const OF_CLIENTS = [401, 403, 429];

/** The contract's endpoints, with the error codes of each apart from {@link OF_CLIENTS}. */
const ERRORS = {
  'POST /ingest': [400, 405, 413, 415, 422, 500, 503],
  'POST /ingest/stream': [400, 405, 408, 413, 415, 422, 500, 503],
  'GET /status/{ingestion_id}': [400, 404, 405, 500, 503],
  'GET /status/{ingestion_id}/events': [404, 405, 500, 503],
  'GET /ids/{id}': [400, 405, 500, 503],
  'GET /ingestions': [400, 405, 500, 503],
  'GET /ingestions/{ingestion_id}/dispatches': [400, 404, 405, 500, 503],
  'GET /ingestions/{ingestion_id}/retries': [400, 404, 405, 500, 503],
  'GET /dispatches': [400, 405, 500, 503],
  'GET /health': [405, 500, 503],
  'GET /health/live': [405, 500, 503],
  'GET /health/ready': [405, 500, 503],
  'GET /metrics': [405, 500, 503],
  'GET /queue': [405, 500, 503],
  'GET /queue/activity': [405, 500, 503],
  'GET /audit': [400, 405, 500, 503],
  'GET /lanes': [405, 500, 503],
  'GET /lanes/{lane}': [404, 405, 500, 503],
  'PATCH /lanes/{lane}': [400, 404, 405, 412, 413, 415, 422, 500, 503],
  'PUT /lanes/{lane}': [400, 404, 405, 409, 412, 413, 415, 422, 500, 503],
  'DELETE /lanes/{lane}': [400, 404, 405, 409, 500, 503],
  'DELETE /lanes/{lane}/settings/{setting}': [404, 405, 412, 500, 503],
  'GET /whoami': [405, 500, 503],
  'GET /queue/next': [400, 405, 500, 503],
  'GET /history': [400, 405, 500, 503],
  'GET /events': [400, 405, 500, 503],
  'POST /queue/pause': [400, 405, 500, 503],
  'POST /backup': [405, 409, 500, 501, 503],
  'POST /queue/resume': [400, 405, 500, 503],
  'GET /dead-letters': [400, 405, 500, 503],
  'GET /dead-letters/counts': [400, 405, 500, 503],
  'POST /dead-letters/redrive': [400, 405, 422, 500, 503],
  'POST /bulk-actions': [400, 405, 413, 415, 422, 500, 503],
  'GET /bulk-actions': [400, 405, 500, 503],
  'GET /bulk-actions/{bulk_action_id}': [404, 405, 500, 503],
  'POST /bulk-actions/{bulk_action_id}/start': [404, 405, 409, 500, 503],
  'POST /bulk-actions/{bulk_action_id}/stop': [404, 405, 409, 500, 503],
  'GET /webhook-deliveries': [400, 405, 500, 503],
  'POST /webhook-deliveries/{delivery_id}/resend': [400, 404, 405, 500, 503],
  'GET /ingestions/{ingestion_id}/results': [400, 404, 405, 500, 503],
  'POST /ingestions/{ingestion_id}/redrive': [404, 405, 409, 500, 503],
  'POST /ingestions/{ingestion_id}/cancel': [404, 405, 409, 500, 503],
  'DELETE /ingestions/{ingestion_id}': [404, 405, 409, 500, 503],
  'PATCH /ingestions/{ingestion_id}': [400, 404, 405, 409, 413, 415, 422, 500, 503],
};

/** The part of a schema that tests read; integers are bigints. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly example?: unknown;
  readonly enum?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly items?: Schema;
  readonly minimum?: bigint;
  readonly maximum?: bigint;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Content {
  readonly schema: Schema;
  readonly example?: { readonly status_code?: bigint };
  readonly examples?: object;
}

interface Parameter {
  readonly name: string;
  readonly description?: string;
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks: Readonly<Record<string, unknown>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Tests use the built service, because the build adds descriptions from comments. */
describe('The OpenAPI document', () => {
  const service = useSharedService(() => ({}));
  let text = '';
  let document: Document;
  let operations: ReadonlyMap<string, Operation>;
  beforeAll(async () => {
    text = await (await fetch(`${service.url}/openapi.json`)).text();
    document = parseExact(text) as Document;
    operations = new Map(
      Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
      ),
    );
  });

  /** Returns every field of every schema, with its name. */
  const fields = (): [string, Schema][] =>
    Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties).map(([field, schema]): [string, Schema] => [`${name}.${field}`, schema]),
    );

  it('is valid, its examples too', async () => {
    const config = await createConfig({
      extends: ['recommended'],
      rules: {
        'no-invalid-schema-examples': 'error',
        'no-invalid-parameter-examples': 'error',
        'no-invalid-media-type-examples': 'error',
      },
    });
    const problems = await lintFromString({ source: text, config });
    expect(problems.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([]);
  });

  it('names every endpoint, and what can go wrong with it, in the one form of an error', () => {
    expect([...operations.keys()].sort()).toEqual(Object.keys(ERRORS).sort());
    for (const [name, own] of Object.entries(ERRORS)) {
      const expected = [...own, ...(name.startsWith('GET /health') ? [] : OF_CLIENTS)].sort((a, b) => a - b);
      const errors = Object.entries(operations.get(name)?.responses ?? {}).filter(([code]) => code >= '400');
      expect([name, errors.map(([code]) => Number(code))]).toEqual([name, expected]);
      for (const [code, { content = {} }] of errors) {
        expect([name, code, Object.keys(content)]).toEqual([name, code, [PROBLEM]]);
        expect(content[PROBLEM]?.schema).toEqual({ $ref: '#/components/schemas/Problem' });
        expect(content[PROBLEM]?.example?.status_code).toBe(BigInt(code));
      }
    }
  });

  it('names every operation by a verb, once', () => {
    const ids = [...operations.values()].map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+([A-Z][a-z]+)+$/.test(id))).toEqual([]);
  });

  it('describes the messages to receivers as webhooks', () => {
    const types = document.components.schemas['WebhookType']?.enum;
    expect(Object.keys(document.webhooks)).toEqual(types);
  });

  it('is compressed, as the pages are', async () => {
    const paths = ['/openapi.json', '/docs/assets/swagger-ui-bundle.js', '/redoc/assets/redoc.standalone.js'];
    for (const path of paths) {
      for (const encoding of ['br', 'gzip']) {
        const response = await fetch(service.url + path, { headers: { 'Accept-Encoding': encoding } });
        expect([path, response.headers.get('Content-Encoding')]).toEqual([path, encoding]);
        const etag = response.headers.get('ETag') ?? '';
        await response.arrayBuffer();
        const again = await fetch(service.url + path, {
          headers: { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' },
        });
        expect([path, again.status]).toEqual([path, 304]);
      }
      const plain = await fetch(service.url + path, { headers: { 'Accept-Encoding': 'identity' } });
      expect([path, plain.headers.get('Content-Encoding')]).toEqual([path, null]);
      await plain.arrayBuffer();
    }
  });

  it('describes every field and parameter, each with an example unless it is made of others', () => {
    const isMadeOfOthers = ({ items, anyOf, allOf = anyOf, example }: Schema): boolean =>
      items?.$ref !== undefined || (allOf !== undefined && example === undefined && !isEnum(allOf));
    const isEnum = ([only]: readonly Schema[]): boolean =>
      document.components.schemas[String(only?.$ref?.split('/').at(-1))]?.enum !== undefined;

    const bare = fields()
      .filter(
        ([, field]) =>
          field.description === undefined || (!isMadeOfOthers(field) && field.example === undefined),
      )
      .map(([name]) => name);
    expect(fields().length).toBeGreaterThan(20);
    expect(bare).toEqual([]);
    const parameters = [...operations.values()].flatMap((operation) => operation.parameters ?? []);
    expect(parameters.filter(({ description }) => description === undefined)).toEqual([]);
    const kinds = parameters.filter(({ name }) => name === 'kind').map(({ schema }) => schema.allOf);
    expect(kinds).toEqual(Array(3).fill([{ $ref: '#/components/schemas/AttemptErrorKind' }]));
  });

  it('says to the last digit how large an id may be', () => {
    const counts = ['DeadLetterGroupView.ids', 'BulkActionView.ids'];
    const ids = fields().filter(([name]) => /\.ids?$/.test(name) && !counts.includes(name));
    expect(ids.map(([name]) => name).sort()).toEqual([
      'BatchResult.id',
      'BatchStatus.ids',
      'DeadLetterView.id',
      'DispatchErrorView.id',
      'DispatchPartView.ids',
      'IdSearchView.id',
      'IngestRequest.ids',
      'IngestionDispatchPart.ids',
      'QueuedRunView.ids',
      'ResultView.id',
      'RetryView.id',
    ]);
    for (const [name, schema] of ids) {
      const { type, minimum, maximum } = schema.items ?? schema;
      expect([name, type, minimum, maximum]).toEqual([name, 'integer', 1n, LARGEST_ID]);
    }
    expect(text).not.toMatch(/10{19}(?!\d)|\de\+/);
  });

  it('gives examples of requests that are accepted as they stand', async () => {
    const { examples = {} } = operations.get('POST /ingest')?.requestBody?.content['application/json'] ?? {};
    const bodies = [
      ...text.matchAll(
        /"value":(\{"ids":\[[^\]]*\],"priority":"\w+"(?:,"\w+":(?:\{[^}]*\}|"[^"]*"|\d+))*\})/g,
      ),
    ].map(([, body]) => String(body));
    expect(bodies).toHaveLength(Object.keys(examples).length);
    expect(bodies.join()).toContain(String(LARGEST_ID));
    for (const body of bodies) {
      const headers = { 'Content-Type': 'application/json' };
      const accepted = await fetch(`${service.url}/ingest`, { method: 'POST', headers, body });
      expect([body, accepted.status]).toEqual([body, 200]);
    }
  });

  it.each(['/docs', '/redoc'])('%s stands on this service alone', async (path) => {
    const page = await fetch(`${service.url}${path}`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const assets = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset]) =>
      String(asset),
    );
    expect(assets.length).toBeGreaterThan(2);
    for (const asset of assets) {
      const address = new URL(asset, `${service.url}${path}`);
      expect(address.origin).toBe(service.url);
      expect([asset, (await fetch(address)).status]).toEqual([asset, 200]);
    }
  });
});
