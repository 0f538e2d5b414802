import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { VARIABLE_LIST } from './variables.js';
import { withVariablesTable } from './variables-table.js';

describe('docs/configuration.md', () => {
  const page = readFileSync('docs/configuration.md', 'utf8');

  it('has the row that the table of variables gives, for every variable', () => {
    expect(page).toBe(withVariablesTable(page));
  });

  it('shows each variable once', () => {
    for (const [name] of VARIABLE_LIST) {
      expect(page.match(new RegExp(`^\\| \`${name}\` \\|`, 'gm'))).toHaveLength(1);
    }
  });

  it('is refused without the marks of the table', () => {
    expect(() => withVariablesTable('# Configuration')).toThrow('the page lacks');
  });
});
