/** @jest-environment jsdom */
import { describe, expect, it } from '@jest/globals';
import { EventParser } from './sse-client.js';

describe('A stream of events', () => {
  it('is cut into events wherever its pieces end', () => {
    const parser = new EventParser();
    const text =
      'event: dispatch\nid: 1\ndata: {"a":1}\n\n: still here\n\nevent: queue\r\ndata: {}\r\n\r\ndata: 1\ndata: 2\n\n';
    const events = Array.from(text).flatMap((character) => parser.push(character));
    expect(events).toEqual([
      { type: 'dispatch', data: '{"a":1}' },
      { type: 'comment', data: '' },
      { type: 'queue', data: '{}' },
      { type: 'message', data: '1\n2' },
    ]);
  });
});
