import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import type { Request } from 'express';
import { BodyReader } from './body-reader.js';

it('A body that ends in another context is handed on in the context of its request', async () => {
  const client = new AsyncLocalStorage<string>();
  const request = Object.assign(new PassThrough(), { headers: {} });
  const handedOn = new Promise<string | undefined>((resolve) => {
    client.run('billing', () => {
      new BodyReader(100, '100b').read(
        request as unknown as Request,
        () => undefined,
        () => {
          resolve(client.getStore());
        },
      );
    });
  });
  await client.run('another client', async () => {
    request.end('{}');
    await once(request, 'end');
  });
  expect(await handedOn).toBe('billing');
});
