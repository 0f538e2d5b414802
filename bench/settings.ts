import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** How much is measured. Everything else is fixed, so that two runs can be compared. */
export interface Settings {
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly warmUpSeconds: number;
  readonly claimRounds: number;
  /** Leaves out what takes long. */
  readonly quick: boolean;
  /** Whether those take part with whom no steady ratio is held. */
  readonly peers: boolean;
}

const FULL: Settings = {
  rounds: 9,
  roundSeconds: 3,
  warmUpSeconds: 8,
  claimRounds: 15,
  quick: false,
  peers: true,
};
const QUICK: Settings = {
  rounds: 3,
  roundSeconds: 2,
  warmUpSeconds: 5,
  claimRounds: 5,
  quick: true,
  peers: true,
};
/** Processor time needs no long rounds. */
const CHECK: Settings = { ...QUICK, rounds: 5, roundSeconds: 1, warmUpSeconds: 5, peers: false };

export interface Arguments {
  readonly settings: Settings;
  /** `check` holds steady ratios against the committed ones, `commit` makes them those. */
  readonly mode: 'measure' | 'check' | 'commit';
  /** Empty selects every case. */
  readonly only: readonly string[];
}

/** @throws TypeError for an argument that does not exist. */
export function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      commit: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const mode = values.check ? 'check' : values.commit ? 'commit' : 'measure';
  return {
    settings: mode !== 'measure' ? CHECK : values.quick ? QUICK : FULL,
    mode,
    only: values.only.flatMap((names) => names.split(',')),
  };
}

/** The service under test: built, or named by SLUICE_MAIN. */
export const SLUICE_MAIN =
  process.env['SLUICE_MAIN'] ?? fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Whatever the benchmark writes. Not kept in git. */
export const RESULTS_FOLDER = fileURLToPath(new URL('./results/', import.meta.url));

const CONTESTANT_CORE = '0';
const LOAD_CORE = '1';

export const CAN_PIN = process.platform === 'linux' && availableParallelism() > 1;

/** A command that runs on the core of the contestants, or of the load generator. */
export function pinned(
  core: 'contestant' | 'load',
  program: string,
  ...args: string[]
): [string, ...string[]] {
  return CAN_PIN
    ? ['taskset', '-c', core === 'contestant' ? CONTESTANT_CORE : LOAD_CORE, program, ...args]
    : [program, ...args];
}
