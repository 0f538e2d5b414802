import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { startWith } from './start-with.js';

interface Piece {
  readonly text: string;
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Piece, void> {
  for (const text of texts) {
    yield await Promise.resolve({ text });
  }
}

it('Pieces begin with the first one, which is not in memory after the next one was read', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const seen: WeakRef<Piece>[] = [];
  const all = startWith([{ text: 'first' }], pieces('second', 'third'));
  const next = async (): Promise<string | undefined> => {
    const { value } = await all.next();
    if (value !== undefined) {
      seen.push(new WeakRef(value));
    }
    return value?.text;
  };

  expect([await next(), await next()]).toEqual(['first', 'second']);
  await new Promise(setImmediate); // a WeakRef keeps its target to the end of the turn
  collectGarbage();
  expect(seen[0]?.deref()).toBeUndefined();
  expect([await next(), await next()]).toEqual(['third', undefined]);
});
