import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { Configuration } from '../config/configuration.js';
import { HttpServerOptions } from './http-server.options.js';
import { JsonBodyMiddleware } from './json-body.middleware.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

const LISTS = 20;

describe('The reader of JSON bodies', () => {
  it('hands on long bodies that end together one in each turn of the event loop', async () => {
    const handedOn = await handOnTogether('1'.repeat(40_000));
    expect(handedOn.reduce((sum, each) => sum + each)).toBe(LISTS);
    expect(Math.max(...handedOn)).toBe(1);
  });

  it('lets short ones wait for nothing', async () => {
    expect(Math.max(...(await handOnTogether('[1, 2, 3]')))).toBe(LISTS);
  });
});

/** Returns the number of bodies that were passed on in each turn of the event loop. */
async function handOnTogether(body: string): Promise<number[]> {
  const reader = new JsonBodyMiddleware(new HttpServerOptions(Configuration.read({})), new SystemRuntime());
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  let count = 0;
  const requests = Array.from({ length: LISTS }, () => Object.assign(new PassThrough(), { headers }));
  for (const request of requests) {
    reader.use(request as unknown as Request, {} as Response, () => {
      count += 1;
    });
  }
  for (const request of requests) {
    request.end(body);
  }
  const handedOn: number[] = [];
  for (let turn = 0; turn < 2 * LISTS; turn++) {
    await nextTurn();
    handedOn.push(count);
    count = 0;
  }
  return handedOn;
}
