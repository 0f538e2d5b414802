import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The amount of measurement. Everything else is fixed, so that two runs can be compared. */
export interface Settings {
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly warmUpSeconds: number;
  readonly claimRounds: number;
  /** Runs of each contestant where each run begins with an empty store. */
  readonly pairs: number;
  /** Ids of a run that processes all of them. */
  readonly drainIds: number;
  /** True to leave out slow measurements. */
  readonly quick: boolean;
  /** True to include the contestants without a steady ratio. */
  readonly peers: boolean;
}

const FULL: Settings = {
  rounds: 10,
  roundSeconds: 3,
  warmUpSeconds: 8,
  claimRounds: 15,
  pairs: 10,
  drainIds: 100_000,
  quick: false,
  peers: true,
};
const QUICK: Settings = {
  rounds: 3,
  roundSeconds: 2,
  warmUpSeconds: 5,
  claimRounds: 5,
  pairs: 3,
  drainIds: 20_000,
  quick: true,
  peers: true,
};
/** Rounds are short because only processor time is compared. */
const CHECK: Settings = { ...QUICK, rounds: 5, roundSeconds: 1, warmUpSeconds: 5, peers: false };

export interface Arguments {
  readonly settings: Settings;
  /** `check` compares steady ratios with the committed ones; `commit` replaces those. */
  readonly mode: 'measure' | 'check' | 'commit';
  /** Empty selects every case. */
  readonly only: readonly string[];
}

/** @throws TypeError for an unknown argument. */
export function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      commit: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      pairs: { type: 'string' },
      ids: { type: 'string' },
    },
  });
  const mode = values.check ? 'check' : values.commit ? 'commit' : 'measure';
  const settings = mode !== 'measure' ? CHECK : values.quick ? QUICK : FULL;
  return {
    settings: {
      ...settings,
      pairs: positiveInteger('pairs', values.pairs) ?? settings.pairs,
      drainIds: positiveInteger('ids', values.ids) ?? settings.drainIds,
    },
    mode,
    only: values.only.flatMap((names) => names.split(',')),
  };
}

function positiveInteger(name: string, text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9]\d{0,8}$/.test(text)) {
    throw new TypeError(`--${name} must be a positive integer, not ${text}`);
  }
  return text === undefined ? undefined : Number(text);
}

/** The service under test: built, or named by SLUICE_MAIN. */
export const SLUICE_MAIN =
  process.env['SLUICE_MAIN'] ?? fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** The folder for all output of the benchmark. Not kept in git. */
export const RESULTS_FOLDER = fileURLToPath(new URL('./results/', import.meta.url));

const CONTESTANT_CORE = '0';
const LOAD_CORE = '1';

export const CAN_PIN = process.platform === 'linux' && availableParallelism() > 1;

/** Returns a command that runs on the core of the contestants or of the load generator. */
export function pinned(
  core: 'contestant' | 'load',
  program: string,
  ...args: string[]
): [string, ...string[]] {
  return CAN_PIN
    ? ['taskset', '-c', core === 'contestant' ? CONTESTANT_CORE : LOAD_CORE, program, ...args]
    : [program, ...args];
}
