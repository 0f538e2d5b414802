import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DOCS = 'docs';
const TEST_FILE = /\.(?:e2e|spec|contract|model)\.ts$/;
const LINK = /\[[^\]]+\]\(([^)]+)\)/g;

interface Row {
  readonly text: string;
  /** The test files that the row names. */
  readonly tests: readonly string[];
}

interface Table {
  readonly heading: string;
  readonly rows: readonly Row[];
}

/** Reads the tables of the threat model, one under each heading. */
function readTables(): Table[] {
  const page = readFileSync(`${DOCS}/security.md`, 'utf8');
  const start = page.indexOf('## Threat model');
  const end = page.indexOf('\n## ', start + 1);
  const sections = page.slice(start, end === -1 ? undefined : end).split(/^#{2,3} /m);
  return sections.slice(1).map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    const [, , ...rows] = lines.filter((line) => line.startsWith('|'));
    return {
      heading,
      rows: rows.map((text) => ({
        text,
        tests: [...text.matchAll(LINK)].flatMap(([, target = '']) =>
          TEST_FILE.test(target) ? [target] : [],
        ),
      })),
    };
  });
}

describe('The threat model in docs/security.md', () => {
  const tables = readTables();

  it('covers each boundary, the ten risks of OWASP, and the chapters of ASVS that apply', () => {
    expect(tables.map(({ heading, rows }) => [heading, rows.length])).toEqual([
      ['Threat model', expect.any(Number)],
      ['OWASP API Security Top 10 (2023)', 10],
      ['OWASP ASVS 5.0, level 2', 17 - 3],
    ]);
    const risks = tables[1]?.rows.map(({ text }) => /API\d+/.exec(text)?.[0]);
    expect(risks).toEqual(Array.from({ length: 10 }, (_, i) => `API${String(i + 1)}`));
    for (const letter of 'STRIDE') {
      const threats = tables[0]?.rows.filter(({ text }) =>
        new RegExp(`\\| (?:\\w, )*${letter}[:,]`).test(text),
      );
      expect([letter, threats?.length]).not.toEqual([letter, 0]);
    }
  });

  it('names a test that exists in each row', () => {
    for (const { text, tests } of tables.flatMap(({ rows }) => rows)) {
      expect([text, tests.length]).not.toEqual([text, 0]);
      for (const test of tests) {
        expect([text, test, existsSync(resolve(DOCS, test))]).toEqual([text, test, true]);
      }
    }
  });
});
