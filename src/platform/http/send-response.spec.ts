import { once } from 'node:events';
import { request as get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { sendResponseText } from './send-response.js';

describe('A long answer', () => {
  let server: Server;
  let release: () => void;

  beforeEach(async () => {
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const app = express();
    app.get('/', async (request, response) => {
      await sendResponseText(request, response, pieces(held));
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  async function* pieces(held: Promise<void>): AsyncGenerator<string> {
    yield 'x'.repeat(100_000);
    await held;
    yield 'end';
  }

  async function ask(): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    const asked = get({ port, host: '127.0.0.1', agent: false, headers: { 'accept-encoding': 'gzip' } });
    const [response] = (await once(asked.end(), 'response')) as [IncomingMessage];
    return response;
  }

  const encodingOf = ({ headers }: IncomingMessage): string => headers['content-encoding'] ?? 'identity';
  const read = (response: IncomingMessage): Promise<string> =>
    text(encodingOf(response) === 'gzip' ? response.pipe(createGunzip()) : response);

  it('is compressed while fewer than 4 are, whole in either form, so that threads are left for others', async () => {
    const answers: IncomingMessage[] = [];
    for (let i = 0; i < 6; i++) {
      answers.push(await ask());
    }
    expect(answers.map(encodingOf)).toEqual(['gzip', 'gzip', 'gzip', 'gzip', 'identity', 'identity']);
    release();
    const texts = await Promise.all(answers.map(read));

    expect(new Set(texts)).toEqual(new Set([`${'x'.repeat(100_000)}end`]));
    const next = await ask();
    expect(encodingOf(next)).toBe('gzip');
    await read(next);
  });
});
