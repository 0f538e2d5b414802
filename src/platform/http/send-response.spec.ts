import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { LongResponseQueue } from './long-response-queue.js';
import { sendResponseText } from './send-response.js';

const PIECES = Array.from({ length: 200 }, () => randomBytes(50_000).toString('hex'));

describe('A long answer', () => {
  let server: Server;

  beforeEach(async () => {
    const app = express();
    app.get('/', async (request, response) => {
      await sendResponseText(request, response, pieces(), new LongResponseQueue(new SystemRuntime()));
    });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.close();
    await once(server, 'close');
  });

  /** More than the buffers of a connection hold, so that the answer lasts until its client reads it. */
  async function* pieces(): AsyncGenerator<string> {
    for (const piece of PIECES) {
      yield piece;
    }
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
    const texts = await Promise.all(answers.map(read));

    expect(new Set(texts)).toEqual(new Set([PIECES.join('')]));
    const next = await ask();
    expect(encodingOf(next)).toBe('gzip');
    await read(next);
  });
});
