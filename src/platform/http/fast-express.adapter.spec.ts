import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';
import type { Application } from 'express';
import { FastExpressAdapter } from './fast-express.adapter.js';

it('makes requests and answers whose prototypes Express leaves as they are', async () => {
  const adapter = new FastExpressAdapter();
  adapter.initHttpServer();
  const server = adapter.getHttpServer();
  const made: unknown[] = [];
  server.prependListener('request', (request, response) => {
    made.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
  });
  adapter.getInstance<Application>().use((request, response) => {
    const isAsMade = [request, response].map((object, i) => Object.getPrototypeOf(object) === made[i]);
    response.json({ isAsMade, host: request.get('host') });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const answer = await (await fetch(`http://127.0.0.1:${String(port)}/`)).json();
  server.close();

  expect(answer).toEqual({ isAsMade: [true, true], host: `127.0.0.1:${String(port)}` });
});
