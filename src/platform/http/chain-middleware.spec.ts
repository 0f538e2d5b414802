import { describe, expect, it } from '@jest/globals';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { chainMiddleware } from './chain-middleware.js';

/** Runs the handlers as one middleware; returns what ran, and what was passed on. */
function run(...handlers: ((next: NextFunction, ran: string[]) => void)[]): {
  ran: string[];
  passedOn: unknown[];
} {
  const ran: string[] = [];
  const passedOn: unknown[] = [];
  const chain = chainMiddleware(
    handlers.map((handler): RequestHandler => (_request, _response, next) => {
      handler(next, ran);
    }),
  );
  void chain({} as Request, {} as Response, (error?: unknown) => {
    passedOn.push(error);
  });
  return { ran, passedOn };
}

const pass =
  (name: string) =>
  (next: NextFunction, ran: string[]): void => {
    ran.push(name);
    next();
  };

describe('Middleware in a chain', () => {
  it('runs in order, and then what follows the chain', () => {
    expect(run(pass('a'), pass('b'), pass('c'))).toEqual({ ran: ['a', 'b', 'c'], passedOn: [undefined] });
    expect(run()).toEqual({ ran: [], passedOn: [undefined] });
  });

  it('ends with the first error, which is passed on', () => {
    const error = new Error('refused');
    const refuse = (next: NextFunction): void => {
      next(error);
    };
    expect(run(pass('a'), refuse, pass('c'))).toEqual({ ran: ['a'], passedOn: [error] });
  });

  it('ends where a handler answers or throws', () => {
    expect(run(pass('a'), () => undefined, pass('c'))).toEqual({ ran: ['a'], passedOn: [] });
    const fail = (): void => {
      throw new RangeError('broken');
    };
    expect(() => run(pass('a'), fail)).toThrow(RangeError); // Express passes it on
  });
});
