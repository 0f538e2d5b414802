import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { StoreUnavailableError } from '../../domain/store-errors.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { RequestFailures } from './request-failures.js';

function useFailures(): { readonly fail: (error: Error, status: number) => void; readonly lines: string[] } {
  const lines: string[] = [];
  const logger = new Logger('Test');
  for (const level of ['warn', 'error'] as const) {
    jest.spyOn(logger, level).mockImplementation((line: unknown) => {
      lines.push(`${level} ${(line as { readonly msg: string }).msg}`);
    });
  }
  const failures = new RequestFailures(new ManualClock(), logger);
  return {
    lines,
    fail: (error, status) => {
      failures.of(error, status).failed(() => `${String(status)} ${error.message}`);
    },
  };
}

describe('Requests that fail', () => {
  it('by the thousand for one reason have one line, and those of another reason one of their own', () => {
    const { fail, lines } = useFailures();
    for (let i = 0; i < 34_800; i++) {
      fail(new StoreUnavailableError(`busy: ${String(i)} wait`), 503);
    }
    fail(new RangeError('stopping'), 503);
    expect(lines).toEqual(['warn 503 busy: 0 wait', 'warn 503 stopping']);
  });

  it('by defects are told apart by where these arise', () => {
    const { fail, lines } = useFailures();
    const oneDefect = (): Error => new TypeError('one');
    fail(oneDefect(), 500);
    fail(oneDefect(), 500);
    fail(new TypeError('other'), 500);
    expect(lines).toEqual(['error 500 one', 'error 500 other']);
  });
});
