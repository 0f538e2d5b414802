import { parseArgs } from 'node:util';

export type Ending = 'SIGKILL' | 'SIGTERM';

export interface Options {
  readonly rounds: number;
  readonly signals: readonly Ending[];
  readonly seed: number;
}

/** @throws Error that says what is wrong with the command line. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, signal: { type: 'string' }, seed: { type: 'string' } },
  });
  return {
    rounds: toInteger('--rounds', values.rounds ?? '10'),
    signals: toSignals(values.signal),
    seed: toInteger('--seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 32))),
  };
}

function toInteger(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) {
    throw new Error(`${name} must be a whole number, not "${text}"`);
  }
  return Number(text);
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
