import { describe, expect, it } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';

const LONGEST_MS = 30_000;
const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete']);
const LARGEST_ID = '10000000000000000007';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
  readonly items?: Schema;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly responses: Readonly<
    Record<string, { description?: string; content?: Record<string, { schema?: Schema; example?: unknown }> }>
  >;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** The built service: the build adds the descriptions that stand in comments. */
describe('The OpenAPI document', () => {
  const start = useBuiltService();
  let text = '';

  async function read(): Promise<Document> {
    const { url } = await start();
    text = await (await fetch(`${url}/openapi.json`)).text();
    return JSON.parse(text) as Document;
  }

  const operationsOf = ({ paths }: Document): [string, Operation][] =>
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => METHODS.has(method))
        .map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
    );

  it(
    'names every endpoint, describes every field and parameter, and is exact to the last digit',
    async () => {
      const document = await read();
      expect(document.openapi).toMatch(/^3\./);
      expect(operationsOf(document).map(([name]) => name)).toEqual(
        expect.arrayContaining([
          'POST /ingest',
          'GET /status/{ingestion_id}',
          'GET /health',
          'GET /dead-letters',
          'POST /ingestions/{ingestion_id}/redrive',
          'POST /dead-letters/redrive',
        ]),
      );
      const bare = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
        Object.entries(properties)
          .filter(([, { description, $ref }]) => description === undefined && $ref === undefined)
          .map(([field]) => `${name}.${field}`),
      );
      expect(bare).toEqual([]);
      const parameters = operationsOf(document).flatMap(([, operation]) => operation.parameters ?? []);
      expect(parameters.filter(({ description }) => description === undefined)).toEqual([]);
      expect(text).toContain(`"maximum":${LARGEST_ID}`);
      expect(text).not.toMatch(/\d{19}0{2}\b|\de\+/);
    },
    LONGEST_MS,
  );

  it(
    'lists what can go wrong with each operation, in the one form of an error',
    async () => {
      for (const [name, { responses, summary }] of operationsOf(await read())) {
        expect([name, summary]).not.toContain(undefined);
        const problems = Object.entries(responses).filter(([status]) => Number(status) >= 400);
        expect([name, problems.length]).not.toContain(0);
        for (const [status, { content = {} }] of problems) {
          const isHealth = name === 'GET /health'; // unhealthy, it answers in its own form
          const types = isHealth ? [expect.stringContaining('json')] : ['application/problem+json'];
          expect([name, status, Object.keys(content)]).toEqual([name, status, types]);
        }
      }
    },
    LONGEST_MS,
  );

  it(
    'gives examples of requests that are accepted as they stand',
    async () => {
      const { url } = await start();
      const document = await (await fetch(`${url}/openapi.json`)).text();
      const bodies = [...document.matchAll(/"value":(\{"ids":\[[^\]]*\],"priority":"\w+"\})/g)].map(
        ([, body]) => body,
      );
      expect(bodies.length).toBeGreaterThanOrEqual(3);
      for (const body of bodies) {
        const response = await fetch(`${url}/ingest`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: String(body),
        });
        expect([body, response.status]).toEqual([body, 200]);
      }
    },
    LONGEST_MS,
  );

  it.each(['/docs', '/redoc'])(
    '%s stands on this service alone',
    async (path) => {
      const { url } = await start();
      const page = await fetch(`${url}${path}`);
      expect(page.headers.get('content-type')).toContain('text/html');
      const assets = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset]) =>
        String(asset),
      );
      expect(assets.length).toBeGreaterThan(2);
      for (const asset of assets) {
        const address = new URL(asset, `${url}${path}`);
        expect(address.origin).toBe(url);
        expect([asset, (await fetch(address)).status]).toEqual([asset, 200]);
      }
    },
    LONGEST_MS,
  );
});
