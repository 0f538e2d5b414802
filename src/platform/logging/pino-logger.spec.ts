import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { RequestIds } from '../telemetry/request-context.js';
import { createPinoLogger } from './pino-logger.js';
import { keepEscapesVisible } from './visible-escapes.js';
import { ServiceLogger } from './service-logger.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

/** A log that keeps its lines. */
function keepLines(level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' = 'INFO', isTraced = false) {
  const lines: string[] = [];
  const logger = createPinoLogger(level, { write: (line) => lines.push(line) }, isTraced);
  return { logger, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('The log', () => {
  it.each([
    ['DEBUG', ['debug', 'info', 'warn', 'error']],
    ['INFO', ['info', 'warn', 'error']],
    ['WARNING', ['warn', 'error']],
    ['ERROR', ['error']],
  ] as const)('at %s has lines of the levels %j', (level, expected) => {
    const { logger, read } = keepLines(level);
    const service = new ServiceLogger(logger);
    service.debug('a', 'Test');
    service.log('b', 'Test');
    service.warn('c', 'Test');
    service.error('d', 'Test');
    expect(read().map((line) => line['level'])).toEqual(expected);
  });

  it('holds no character that a terminal or a viewer obeys, and loses none', () => {
    const lines: string[] = [];
    const logger = createPinoLogger('INFO', { write: (line) => lines.push(line) });
    const hostile = 'a\u001b[31m\u009b\u007f\u202eb\u2066\r\n';
    logger.warn({ lane: hostile }, hostile);
    const [line = ''] = lines;
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(line.at(-1)).toBe('\n');
    expect(JSON.parse(line)).toMatchObject({ msg: hostile, lane: hostile });
  });

  it('shows such a character as its escape where a program reads the lines for people', () => {
    const json = String.raw`{"msg":"\u001b[1m \u202e \r \\u001b \n \u00e9 \"x\""}`;
    const shown = (JSON.parse(keepEscapesVisible(json)) as { msg: string }).msg;
    expect(shown).toBe(String.raw`\u001b[1m \u202e \r \u001b ` + '\n é "x"');
  });

  it('has the id of a request on its lines, also after a wait, and on no other line', async () => {
    const { logger, read } = keepLines();
    const answered = Promise.withResolvers<unknown>();
    const answer = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      logger.info('of the request');
    };
    const request = { headers: { 'x-request-id': 'r-1' } } as unknown as Request;
    const response = { setHeader: () => undefined } as unknown as Response;
    new RequestIds(new SystemRuntime()).assign(request, response, () => {
      answered.resolve(answer());
    });
    logger.info('of none');
    await answered.promise;
    expect(read().map((line) => [line['msg'], line['request_id']])).toEqual([
      ['of none', undefined],
      ['of the request', 'r-1'],
    ]);
  });

  it.each([
    [true, '019376a05c007a3e9b1d2f4c6e8a0b1c', '9b1d2f4c6e8a0b1c'],
    [false, undefined, undefined],
  ])('names the span of a dispatch where traces are kept: %j', (isTraced, traceId, spanId) => {
    const { logger, read } = keepLines('INFO', isTraced);
    const fields = { msg: 'began', dispatch_id: '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c' };
    new ServiceLogger(logger).log(fields, 'Dispatch');
    logger.info('of none');
    expect(read().map((line) => [line['trace_id'], line['span_id']])).toEqual([
      [traceId, spanId],
      [undefined, undefined],
    ]);
  });

  it('hides secrets, in fields and in the text of others', () => {
    const { logger, read } = keepLines();
    logger.warn(
      { headers: { authorization: 'Bearer s3cret-s3cret', 'x-other': 1 }, password: 's3cret' },
      'cannot reach postgres://someone:s3cret@host/db with Bearer s3cret-s3cret; see https://host/a@b',
    );
    expect(JSON.stringify(read())).not.toContain('s3cret');
    expect(read()[0]?.['msg']).toBe(
      'cannot reach postgres://someone:[secret]@host/db with Bearer [secret]; see https://host/a@b',
    );
    expect(read()[0]?.['headers']).toEqual({ authorization: '[secret]', 'x-other': 1 });
  });

  it.each([
    ['a text with quotes', 's3cret "s3cret" \\'],
    ['several', ['s3cret', 's3]cret', { of: 's3cret' }]],
    ['a number', 5321],
    ['an object', { of: 's3}cret', and: ['{', 1] }],
    ['an object of depth', { a: [{ b: [{ c: { d: 's3cret' } }] }] }],
    ['nothing', null],
  ])('hides a secret field at any depth, its value %s', (_, value) => {
    const { logger, read } = keepLines();
    logger.warn({ a: { b: { c: [{ token: value, beside: 1 }] }, password: value }, tokens: 2 }, 'token: 3');
    expect(read()[0]).toMatchObject({
      a: { b: { c: [{ token: '[secret]', beside: 1 }] }, password: '[secret]' },
      tokens: 2,
      msg: 'token: 3',
    });
  });

  it('hides a secret field of JSON that a message quotes', () => {
    const { logger, read } = keepLines();
    logger.warn(`answered ${JSON.stringify({ token: 's3cret', id: 4 })}`);
    expect(read()[0]?.['msg']).toBe('answered {"token":"[secret]","id":4}');
  });

  it('has the stack of a defect', () => {
    const { logger, read } = keepLines();
    const defect = new Error('broken');
    new ServiceLogger(logger).error('GET / answered 500: Error: broken', defect.stack, 'Http');
    expect(read()[0]).toMatchObject({
      level: 'error',
      context: 'Http',
      err: { stack: expect.stringContaining('pino-logger.spec') },
    });
  });
});
