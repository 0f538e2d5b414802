import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const SUPPORT = new URL('../../../test/support/', import.meta.url);
const LOADER = new URL('load-typescript.ts', SUPPORT).href;
const MAKER = fileURLToPath(new URL('make-old-objects.ts', SUPPORT));
/** Optimized code tells V8 less of what it made. */
const TELLING = ['--expose-gc', '--no-opt', '--no-maglev', '--trace-pretenuring-statistics'];

describe('The collection of garbage', () => {
  it('makes no object old from the start, however many outlive it', () => {
    expect(decisionsToTenure()).not.toHaveLength(0);
    expect(decisionsToTenure('young')).toHaveLength(0);
  });
});

function decisionsToTenure(...args: string[]): string[] {
  const output = execFileSync(process.execPath, [...TELLING, '--import', LOADER, MAKER, ...args], {
    encoding: 'utf8',
  });
  return output.match(/=> tenure/g) ?? [];
}
