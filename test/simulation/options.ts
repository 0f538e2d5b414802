import { parseArgs } from 'node:util';

const MINUTE_MS = 60_000;

export interface SimulateOptions {
  /** Real time; null where the number of runs is given. */
  readonly forMs: number | null;
  readonly runs: number | null;
  /** The seed of the first run; each further run has the next one. */
  readonly seed: number;
  /** The only incidents that may happen; null for all. */
  readonly only: ReadonlySet<string> | null;
  /** Prints the trace of each run. */
  readonly isVerbose: boolean;
  readonly store: 'sqlite' | 'postgresql';
  /** Shows that each planted bug is found, instead of playing runs. */
  readonly isPlanted: boolean;
}

/** @throws Error that names the fault of the command line. */
export function readOptions(): SimulateOptions {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      runs: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      trace: { type: 'boolean', default: false },
      planted: { type: 'boolean', default: false },
    },
  });
  const { store } = values;
  if (store !== 'sqlite' && store !== 'postgresql') {
    throw new Error(`--store must be sqlite or postgresql, not "${store}"`);
  }
  const runs = values.runs === undefined ? null : toNumber('--runs', values.runs);
  const minutes = values.minutes === undefined ? null : toNumber('--minutes', values.minutes);
  return {
    forMs: minutes === null ? (runs === null ? MINUTE_MS : null) : minutes * MINUTE_MS,
    runs,
    seed: Math.floor(values.seed === undefined ? Math.random() * 2 ** 31 : toNumber('--seed', values.seed)),
    only: values.only === undefined ? null : new Set(values.only.split(',')),
    store,
    isVerbose: values.trace,
    isPlanted: values.planted,
  };
}

function toNumber(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 2 ** 32)) {
    throw new Error(`${name} must be a number above 0, not "${text}"`);
  }
  return value;
}
