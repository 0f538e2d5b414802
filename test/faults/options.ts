import { parseArgs } from 'node:util';
import { clock } from './kinds/clock.ts';
import { failover } from './kinds/failover.ts';
import { far } from './kinds/far.ts';
import type { FaultKind } from './kinds/kind.ts';
import { longPartition, shortPartition } from './kinds/partition.ts';
import { sessionPooler, transactionPooler } from './kinds/pooler.ts';
import { switchover } from './kinds/switchover.ts';
import { upgrade } from './kinds/upgrade.ts';

export const KINDS: readonly FaultKind[] = [
  failover,
  switchover,
  transactionPooler,
  sessionPooler,
  shortPartition,
  longPartition,
  far,
  clock,
  upgrade,
];

export interface Options {
  /** The rounds of each kind. */
  readonly rounds: number;
  readonly kinds: readonly FaultKind[];
  /** The major version of an installed PostgreSQL; undefined stands for the one of the npm package. */
  readonly postgres: string | undefined;
  readonly seed: number;
}

/** @throws Error that names the fault of the command line. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '1' },
      kind: { type: 'string', multiple: true, default: KINDS.map(({ name }) => name) },
      postgres: { type: 'string' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    },
  });
  return {
    rounds: toInteger('--rounds', values.rounds),
    kinds: values.kind.map(toKind),
    postgres: values.postgres,
    seed: toInteger('--seed', values.seed),
  };
}

function toKind(text: string): FaultKind {
  const kind = KINDS.find(({ name }) => name === text);
  if (kind === undefined) {
    throw new Error(`--kind must be one of ${KINDS.map(({ name }) => name).join(', ')}, not "${text}"`);
  }
  return kind;
}

function toInteger(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    throw new Error(`${name} must be a whole number, not "${text}"`);
  }
  return Number(text);
}
