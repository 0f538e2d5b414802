import { findNearest } from './nearest-name.js';
import type { Environment } from './read-variables.js';
import { VARIABLE_LIST } from './variables.js';

const NAMES = VARIABLE_LIST.map(([name]) => name);
const PREFIX = 'SLUICE_';
/** Variables of the command `sluice`. */
const OF_COMMAND: ReadonlySet<string> = new Set(['URL', 'API_KEY', 'PROFILE'].map((name) => PREFIX + name));
/** Variables that Kubernetes sets for a Service of the name `sluice`. */
const OF_KUBERNETES = /^SLUICE_(?:SERVICE|PORT)(?:_|$)/;
/** Short names that other programs use, although they are near one of ours. */
const OF_OTHERS: ReadonlySet<string> = new Set(['PATH', 'POST', 'HOSTS', 'PORTS']);

/** A variable that is not known, and the name that it probably should have. */
export interface UnknownVariable {
  readonly name: string;
  readonly nearest: string;
}

/** Finds variables whose names look like misspelt ones of ours, or have our prefix, which our names do not have. */
export function findUnknownVariables(environment: Environment): UnknownVariable[] {
  const known: ReadonlySet<string> = new Set<string>([...NAMES, ...OF_COMMAND, ...OF_OTHERS]);
  return Object.entries(environment)
    .filter(([name, value]) => value !== undefined && !known.has(name) && !OF_KUBERNETES.test(name))
    .flatMap(([name]) => {
      const nearest = findNearest(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name, NAMES);
      return nearest === undefined ? [] : [{ name, nearest }];
    });
}

/** Formats an unknown variable as one line. */
export function formatUnknownVariable({ name, nearest }: UnknownVariable): string {
  return `${name} is not a setting of Sluice and is ignored; did you mean ${nearest}?`;
}
