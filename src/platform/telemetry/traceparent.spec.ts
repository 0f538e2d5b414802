import { describe, expect, it } from '@jest/globals';
import { parseTraceparent } from './traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('traceparent', () => {
  it.each([`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-03`, `cc-${TRACE}-${SPAN}-01-what.comes`])(
    'names a span: %s',
    (header) => {
      expect(parseTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN });
    },
  );

  it.each([
    undefined,
    '',
    `00-${TRACE}-${SPAN}-00`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-${SPAN}-01`,
  ])('names none that can be joined: %s', (header) => {
    expect(parseTraceparent(header)).toBeNull();
  });
});
