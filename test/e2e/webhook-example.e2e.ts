import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { useApps } from '../support/app.js';

jest.setTimeout(30_000);

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

describe('The receiver of docs/webhooks.md', () => {
  const start = useApps();
  let receiver: ChildProcess | undefined;
  afterEach(() => {
    receiver?.kill();
  });

  it('runs as it stands, takes what is signed and refuses what is not', async () => {
    const [, code = ''] = /```js\n(.*?)```/s.exec(readFileSync('docs/webhooks.md', 'utf8')) ?? [];
    receiver = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      env: { ...process.env, WEBHOOK_SECRET: SECRET, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (receiver.stdout === null) {
      throw new Error('the receiver has no output');
    }
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]();
    const nextLine = async (): Promise<string> => String((await lines.next()).value);
    const [, port = ''] = /^listening on (\d+)$/.exec(await nextLine()) ?? [];
    const url = `http://127.0.0.1:${port}/`;
    const { request } = await start({
      BATCH_DELAY: '0',
      WEBHOOK_SECRET: SECRET,
      CALLBACK_ALLOW: '127.0.0.1',
    });
    const { body } = await request
      .post('/ingest')
      .send({ ids: [1], priority: 'HIGH', callback_url: url })
      .expect(200);

    expect(await nextLine()).toBe(`ingestion.completed ${String(body.ingestion_id)}`);
    const forged = await fetch(url, { method: 'POST', body: '{"type":"ingestion.completed","data":{}}' });
    expect(forged.status).toBe(400);
  });
});
