import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { VARIABLES, type VariableName } from './variables.js';

const PAGE = new URL('../../../docs/security.md', import.meta.url);
const ROW = /^\| (?<bound>[^|]+?) +\| (?<name>[^|]+?) +\| (?<shown>[^|]+?) +\|/;
const FIXED = /^\[(?<name>\w+)\]\((?<path>[\w./-]+)\)$/;

/** The rows of the table of bounds: what is bounded, the name of the bound, and its default. */
const ROWS = (/^## Bounds$(.*?)^## /ms.exec(readFileSync(PAGE, 'utf8'))?.[1] ?? '')
  .split('\n')
  .map((line) => ROW.exec(line)?.groups)
  .filter((row) => row !== undefined)
  .slice(2)
  .map(({ bound = '', name = '', shown = '' }) => ({ bound, name, shown }));

describe('The table of bounds in docs/security.md', () => {
  it('is found', () => {
    expect(ROWS.length).toBeGreaterThan(30);
  });

  it.each(ROWS)('shows the default that the code has: $bound', async ({ name, shown }) => {
    const { name: fixed, path } = FIXED.exec(name)?.groups ?? {};
    if (fixed !== undefined && path !== undefined) {
      const module = (await import(new URL(path, PAGE).pathname)) as Readonly<Record<string, unknown>>;
      expect(String(module[fixed])).toBe(shown);
      return;
    }
    const variable = VARIABLES[name.replaceAll('`', '') as VariableName] as
      { readonly default: unknown; readonly shownDefault?: string } | undefined;
    expect(variable).toBeDefined();
    expect(variable?.shownDefault ?? String(variable?.default)).toBe(shown);
  });
});
