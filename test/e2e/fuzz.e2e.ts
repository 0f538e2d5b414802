import { Agent } from 'node:http';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Answers } from '../support/fuzz/answers.js';
import { ask } from '../support/fuzz/ask.js';
import { ServedDocument } from '../support/fuzz/document.js';
import { requestsOf, type KnownValues } from '../support/fuzz/requests.js';
import { useBuiltService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

const SEED = Number(process.env['FUZZ_SEED'] ?? 7);
const RUNS_EACH = Number(process.env['FUZZ_RUNS'] ?? 60);

jest.setTimeout(30_000 + RUNS_EACH * 1000);

/** Settings under which most ids fail, so that all states occur, and webhooks reach nobody. */
const VARIABLES = {
  BATCH_DELAY: '0.05',
  MOCK_DELAY_MIN: '0',
  MOCK_DELAY_MAX: '0',
  MOCK_ERROR_RATE: '0.6',
  MAX_ATTEMPTS: '2',
  RETRY_BASE: '0.01',
  BODY_LIMIT: '4kb',
  WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 3).toString('base64')}`,
  CALLBACK_ALLOW: '127.0.0.1',
};
const NOWHERE = 'http://127.0.0.1:9/';

/** Succeeds only at the right moment: while the action runs. */
const ONLY_IN_TIME = new Set(['POST /bulk-actions/{bulk_action_id}/stop']);

describe('Whatever is asked,', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();
  const agent = new Agent({ keepAlive: true });
  afterEach(() => {
    agent.destroy();
  });

  async function json(url: string, init?: RequestInit): Promise<Record<string, unknown>> {
    return (await (await fetch(url, init)).json()) as Record<string, unknown>;
  }

  /** Submits lists in every state and returns their values. */
  async function knownValues(url: string): Promise<KnownValues> {
    const send = (method: string, path: string, content: object): Promise<Record<string, unknown>> =>
      json(url + path, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(content),
      });
    const submit = async (count: number, more: object): Promise<string> => {
      const ids = Array.from({ length: count }, (_, i) => i + 1);
      return String((await send('POST', '/ingest', { ids, priority: 'LOW', ...more }))['ingestion_id']);
    };
    await send('PUT', '/lanes/made', { batch_size: 2, batch_delay: 1 });
    const plan = await send('POST', '/bulk-actions', { action: 'redrive', filter: { lane: 'made' } });
    const ended = await submit(7, { priority: 'HIGH', callback_url: NOWHERE });
    const waiting = await submit(900, {});
    const cancelled = await submit(5, {});
    await fetch(`${url}/ingestions/${cancelled}/cancel`, { method: 'POST' });
    let status: unknown;
    while (status !== 'failed' && status !== 'completed') {
      ({ status } = await json(`${url}/status/${ended}?wait=5`));
    }
    const { deliveries } = (await json(`${url}/webhook-deliveries`)) as {
      deliveries?: readonly { readonly delivery_id: string }[];
    };
    return {
      ingestion_id: [ended, ended, waiting, cancelled],
      delivery_id: (deliveries ?? []).map(({ delivery_id: id }) => id),
      wait: ['0', '0', '0', '0', '1', '-1', '61'],
      prefer: ['wait=0', 'wait=x', 'respond-async, wait=0'],
      'last-event-id': ['0', '1', '5', '-1', 'done'],
      lane: ['default', 'made'],
      id: ['1', '900', '5000'],
      bulk_action_id: [String(plan['bulk_action_id'])],
      pending: ['refuse', 'cancel', 'drain', 'x'],
      setting: ['batch_size', 'batch_delay', 'url', 'x'],
      'if-match': ['*', '"1"'],
      label: ['shop=a', 'job=x=y'],
      callback_url: [NOWHERE, 'http://[::1]/', 'x'],
      'x-callback-url': [NOWHERE, 'http://10.0.0.1/'],
    };
  }

  it('the answer comes, is none of 500, and is what the document says', async () => {
    const { url } = await start({ ...VARIABLES, BACKUP_DIR: newFolder() });
    const document = new ServedDocument(await (await fetch(`${url}/openapi.json`)).text());
    const answers = new Answers(document);
    const known = await knownValues(url);
    const seen = new Set<string>();
    const fuzz = async (operation: (typeof document.operations)[number]): Promise<void> => {
      const { method, path } = operation;
      const property = fc.asyncProperty(requestsOf(operation, document, known), async (request) => {
        const answer = await ask(agent, url, method, request);
        seen.add(`${method} ${path} ${String(answer.status)}`);
        expect([method, path, ...answers.faults(operation, answer)]).toEqual([method, path]);
      });
      await fc.assert(property, { seed: SEED, numRuns: RUNS_EACH });
    };
    // Cancelling comes late and deleting last: they end and remove the lists that other requests need.
    const turnOf = ({ method, path }: (typeof document.operations)[number]): number =>
      method === 'DELETE' ? 2 : path.endsWith('/cancel') ? 1 : 0;
    const runs: PromiseSettledResult<void>[] = [];
    for (const turn of [0, 1, 2]) {
      const operations = document.operations.filter((operation) => turnOf(operation) === turn);
      runs.push(...(await Promise.allSettled(operations.map(fuzz))));
    }

    expect(runs.flatMap((run) => (run.status === 'rejected' ? [describeFailure(run.reason)] : []))).toEqual(
      [],
    );
    const named = document.operations.map(({ method, path }) => `${method} ${path}`);
    const hasSucceeded = (name: string): boolean =>
      [200, 201, 202, 204].some((status) => seen.has(`${name} ${String(status)}`));
    expect(named.filter((name) => !hasSucceeded(name) && !ONLY_IN_TIME.has(name))).toEqual([]);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

/** Formats a failure with its request and reason. */
function describeFailure(reason: unknown): string {
  const { message, cause } = reason as Error;
  return `${message.slice(0, 2000)}\n${String(cause)}`;
}
