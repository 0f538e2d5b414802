import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { BodyReader, MAX_BUFFERED_BODIES } from './body-reader.js';

const LIMIT = 1000;

interface Upload {
  readonly request: PassThrough;
  readonly result: { error?: Error | null; body?: Buffer };
}

function upload(reader: BodyReader, check: (chunk: Uint8Array) => void = () => undefined): Upload {
  const request = Object.assign(new PassThrough(), { headers: {} });
  const result: Upload['result'] = {};
  reader.read(request as unknown as Request, check, (error, body) => {
    Object.assign(result, { error, body });
  });
  return { request, result };
}

describe('The reader of bodies', () => {
  it('returns a body that arrives in pieces', async () => {
    const { request, result } = upload(new BodyReader(LIMIT, '1kb'));
    request.write('ab');
    await nextTurn();
    request.end('c');
    await nextTurn();
    expect(result).toEqual({ error: null, body: Buffer.from('abc') });
  });

  it('rejects a body when all that arrive together are too many, and goes on when one has ended', async () => {
    const reader = new BodyReader(LIMIT, '1kb');
    const uploads = Array.from({ length: MAX_BUFFERED_BODIES }, () => upload(reader));
    uploads.forEach(({ request }) => request.write(Buffer.alloc(LIMIT)));
    await nextTurn();
    const further = upload(reader);
    further.request.write('x');
    await nextTurn();
    expect(further.result.error).toMatchObject({ status: 503, headers: { 'Retry-After': '1' } });
    uploads[0]?.request.end();
    uploads[1]?.request.destroy();
    await nextTurn();
    expect(uploads.map(({ result }) => result.error)).toEqual([
      null,
      expect.objectContaining({ status: 400 }),
      ...Array.from({ length: MAX_BUFFERED_BODIES - 2 }),
    ]);
    for (let i = 0; i < 3; i++) {
      const next = upload(reader);
      next.request.end(Buffer.alloc(LIMIT - 1));
      await nextTurn();
      expect(next.result.error).toBeNull();
    }
  });

  it('reads no further when the check rejects a chunk', async () => {
    const { request, result } = upload(new BodyReader(LIMIT, '1kb'), () => {
      throw new RangeError('bad');
    });
    request.write('a');
    await nextTurn();
    expect(result.error).toBeInstanceOf(RangeError);
    request.write('b');
    await nextTurn();
    expect(request.readableLength).toBe(1);
  });
});
