import { parseArgs } from 'node:util';
import { LIMITED_EVERY } from './rate-limits.ts';

export type Ending = 'SIGKILL' | 'SIGTERM';

export const STORES = ['sqlite', 'postgresql', 'replicas'] as const;
/** The stores; `replicas` means three processes on PostgreSQL. */
export type StoreName = (typeof STORES)[number];

export interface Rounds {
  readonly rounds: number;
  /** One round of this many has limits. */
  readonly limitedEvery: number;
}

export interface Options extends Rounds {
  readonly store: StoreName;
  readonly signals: readonly Ending[];
  readonly seed: number;
}

/** @throws Error that names the fault of the command line. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      store: { type: 'string', default: 'sqlite' },
      rounds: { type: 'string' },
      signal: { type: 'string' },
      seed: { type: 'string' },
      limits: { type: 'boolean', default: false },
    },
  });
  return {
    store: toStore(values.store),
    rounds: toInteger('--rounds', values.rounds ?? '10'),
    limitedEvery: values.limits ? 1 : LIMITED_EVERY,
    signals: toSignals(values.signal),
    seed: toInteger('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 32))),
  };
}

/** Returns true if a round has limits. The second one is the first with limits, so that short runs have one too. */
export function isLimited(round: number, limitedEvery: number): boolean {
  return round % limitedEvery === 1 % limitedEvery;
}

function toInteger(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    throw new Error(`${name} must be a whole number, not "${text}"`);
  }
  return Number(text);
}

function toStore(text: string): StoreName {
  const store = STORES.find((name) => name === text);
  if (store === undefined) {
    throw new Error(`--store must be one of ${STORES.join(', ')}, not "${text}"`);
  }
  return store;
}

function toSignals(text: string | undefined): Ending[] {
  switch (text) {
    case undefined:
      return ['SIGKILL', 'SIGTERM'];
    case 'SIGKILL':
    case 'SIGTERM':
      return [text];
    default:
      throw new Error(`--signal must be SIGKILL or SIGTERM, not "${text}"`);
  }
}
