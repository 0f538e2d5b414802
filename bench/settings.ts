import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** How much is measured. Everything else is fixed, so that two runs can be compared. */
export interface Settings {
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly warmUpSeconds: number;
  readonly claimRounds: number;
  readonly quick: boolean;
}

const FULL: Settings = {
  rounds: 5,
  roundSeconds: 5,
  warmUpSeconds: 3,
  claimRounds: 15,
  quick: false,
};
const QUICK: Settings = {
  rounds: 3,
  roundSeconds: 2,
  warmUpSeconds: 1,
  claimRounds: 5,
  quick: true,
};

export interface Arguments {
  readonly settings: Settings;
  /** Empty selects every case. */
  readonly only: readonly string[];
}

/** @throws TypeError for an argument that does not exist. */
export function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  return {
    settings: values.quick ? QUICK : FULL,
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
