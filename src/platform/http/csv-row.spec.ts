import { describe, expect, it } from '@jest/globals';
import { toCsvRow } from './csv-row.js';

describe('A row of CSV', () => {
  it('quotes cells with commas, quotes and line ends, and leaves out what is absent', () => {
    expect(toCsvRow(['a,b', 'say "no"', 'two\nlines', null, undefined, 'plain'])).toBe(
      '"a,b","say ""no""","two\nlines",,,plain\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('keeps the text %j from becoming a formula', (text) => {
    expect(toCsvRow([text])).toBe(`'${text}\r\n`);
  });

  it('writes numbers exactly', () => {
    expect(toCsvRow([-1, 10000000000000000007n])).toBe('-1,10000000000000000007\r\n');
  });
});
