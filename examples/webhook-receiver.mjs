// Receives the message that a list has ended, and refuses one that is not signed. The service needs
// WEBHOOK_MASTER_SECRET and CALLBACK_ALLOW=127.0.0.1; WEBHOOK_SECRET is the secret of the client
// (`sluice webhooks secret --without-client`).
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { createSluiceClient } from '@sluice/client';
import { Webhook } from 'standardwebhooks';

const sluice = createSluiceClient({ baseUrl: process.env.SLUICE_URL ?? 'http://localhost:8000' });
const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const handled = new Set(); // a table in your database

const server = createServer(async (request, response) => {
  const body = await text(request); // unchanged: the signature covers these bytes
  try {
    const { type, data } = webhook.verify(body, request.headers);
    if (data.callback_url !== callbackUrl) {
      throw new Error('the message is for another receiver');
    }
    if (!handled.has(request.headers['webhook-id'])) {
      handled.add(request.headers['webhook-id']);
      console.log(`${type}: ${data.progress.completed} of ${data.progress.total} ids`);
    }
    response.writeHead(204).end();
    server.close();
  } catch (error) {
    console.log(`refused: ${error.message}`);
    response.writeHead(400).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const callbackUrl = `http://127.0.0.1:${server.address().port}/hooks/sluice`;

await fetch(callbackUrl, { method: 'POST', body: '{"type":"ingestion.completed"}' }); // a forged message
await sluice.submit({ ids: [1, 2, 3], priority: 'MEDIUM', callback_url: callbackUrl });
