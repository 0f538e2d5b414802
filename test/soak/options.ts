import { parseArgs } from 'node:util';

export interface Options {
  readonly store: 'sqlite' | 'postgresql';
  readonly minutes: number;
  readonly seed: number;
}

/** @throws Error that names the fault of the command line. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      store: { type: 'string', default: 'sqlite' },
      minutes: { type: 'string', default: '15' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    },
  });
  const { store } = values;
  if (store !== 'sqlite' && store !== 'postgresql') {
    throw new Error(`--store must be sqlite or postgresql, not "${store}"`);
  }
  return {
    store,
    minutes: toNumber('--minutes', values.minutes),
    seed: toNumber('--seed', values.seed),
  };
}

function toNumber(name: string, text: string): number {
  if (!/^\d{1,10}(\.\d+)?$/.test(text) || Number(text) === 0) {
    throw new Error(`${name} must be a number over 0, not "${text}"`);
  }
  return Number(text);
}
