import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DepartingBody } from './departing-body.js';
import { SharedDeparture } from './shared-departure.js';

/** A body, what was told and seen of it in order, and the word that lets it go. */
function newBody(text: string): { body: DepartingBody; seen: string[]; open: (error?: Error) => void } {
  const slot = Promise.withResolvers<undefined>();
  const seen: string[] = [];
  const departure = new SharedDeparture({
    dispatchId: '01a20bac-68c5-853f-af21-41ce2bd8da8a',
    ids: [1n],
    leave: () => {
      seen.push('asked');
      return slot.promise;
    },
    left: () => seen.push('left'),
  });
  const body = new DepartingBody(text, departure);
  body.on('end', () => seen.push('end'));
  body.on('error', (error) => seen.push(error.message));
  return {
    body,
    seen,
    open: (error) => {
      if (error === undefined) {
        slot.resolve(undefined);
      } else {
        slot.reject(error);
      }
    },
  };
}

/** Reads it as one does who writes what comes to a socket. */
function write({ body, seen }: { body: DepartingBody; seen: string[] }): void {
  body.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
}

describe('The body of a request', () => {
  it('asks only when it is to be written, goes when it may leave, and then tells that it left', async () => {
    const made = newBody('{"ids":[1]}');
    await nextTurn();
    expect(made.seen).toEqual([]);
    write(made);
    await nextTurn();
    expect(made.seen).toEqual(['asked']);
    made.open();
    await nextTurn();
    expect(made.seen).toEqual(['asked', '{"ids":[1]}', 'left', 'end']);
  });

  it('that is empty ends when it may leave', async () => {
    const made = newBody('');
    write(made);
    await nextTurn();
    expect(made.seen).toEqual(['asked']);
    made.open();
    await nextTurn();
    await nextTurn();
    expect(made.seen).toEqual(['asked', 'end', 'left']);
  });

  it('that may not leave fails, and nothing of it goes', async () => {
    const made = newBody('{"ids":[1]}');
    write(made);
    await nextTurn();
    made.open(new Error('others took every slot meanwhile'));
    await nextTurn();
    expect(made.seen).toEqual(['asked', 'others took every slot meanwhile']);
  });
});
