import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { WebhookSecrets } from '../../src/webhooks/webhook-secrets.js';
import { useApps } from '../support/app.js';
import { freePort } from '../support/free-port.js';

jest.setTimeout(30_000);

const MASTER = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const [SECRET = ''] = new WebhookSecrets({ shared: [], masters: [MASTER], byClient: new Map() }).for(null);

describe('The receiver of docs/webhooks.md', () => {
  const start = useApps();
  let receiver: ChildProcess | undefined;
  afterEach(() => {
    receiver?.kill();
  });

  it('runs as it stands, takes what is signed for it and refuses everything else', async () => {
    const url = `http://127.0.0.1:${String(await freePort())}/hook`; // the receiver must know it before it starts
    const [, code = ''] = /```js\n(.*?)```/s.exec(readFileSync('docs/webhooks.md', 'utf8')) ?? [];
    receiver = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      env: { ...process.env, WEBHOOK_SECRET: SECRET, CALLBACK_URL: url, PORT: new URL(url).port },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (receiver.stdout === null) {
      throw new Error('the receiver has no output');
    }
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]();
    const nextLine = async (): Promise<string> => String((await lines.next()).value);
    expect(await nextLine()).toBe(`listening on ${new URL(url).port}`);
    const { request } = await start({
      BATCH_DELAY: '0',
      WEBHOOK_MASTER_SECRET: MASTER,
      CALLBACK_ALLOW: '127.0.0.1',
    });
    const { body } = await request
      .post('/ingest')
      .send({ ids: [1], priority: 'HIGH', callback_url: url })
      .expect(200);

    expect(await nextLine()).toBe(`ingestion.completed ${String(body.ingestion_id)}`);
    const forged = await fetch(url, { method: 'POST', body: '{"type":"ingestion.completed","data":{}}' });
    expect(forged.status).toBe(400);
    expect(await statusOf(url, `{"type":"ingestion.completed","data":{"callback_url":"${url}"}}`)).toBe(204);
    const foreign = '{"type":"ingestion.completed","data":{"callback_url":"http://127.0.0.1:1/hook"}}';
    expect(await statusOf(url, foreign)).toBe(400);
  });
});

/** Sends a body that is signed with the right secret. */
async function statusOf(url: string, body: string): Promise<number> {
  const [id, at] = ['message', new Date()];
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(SECRET).sign(id, at, body),
  };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}
