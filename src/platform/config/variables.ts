import type { Variable } from './variable.js';
import { DISPATCHING_VARIABLES } from './variables/dispatching.js';
import { INTAKE_VARIABLES } from './variables/intake.js';
import { SERVER_VARIABLES } from './variables/server.js';
import { STORAGE_VARIABLES } from './variables/storage.js';
import { UPSTREAM_VARIABLES } from './variables/upstream.js';

/**
 * All environment variables. A new variable needs an entry in one of these tables, a property of the options
 * class that reads it, and its row in docs/configuration.md, which `npm run docs:configuration` writes.
 */
export const VARIABLES = {
  ...SERVER_VARIABLES,
  ...DISPATCHING_VARIABLES,
  ...UPSTREAM_VARIABLES,
  ...INTAKE_VARIABLES,
  ...STORAGE_VARIABLES,
};

export type VariableName = keyof typeof VARIABLES;

/** The value of each variable, in the variable's own unit (seconds, days). */
export type Variables = {
  readonly [Name in VariableName]: (typeof VARIABLES)[Name] extends Variable<infer T> ? T : never;
};

type AnyVariable = Variable<string | number | boolean | undefined>;

/** Each variable with its name, in the order of the tables. */
export const VARIABLE_LIST = Object.entries(VARIABLES) as readonly (readonly [VariableName, AnyVariable])[];

/** The variable behind each setting of the lanes file. */
export const LANE_VARIABLES: ReadonlyMap<string, VariableName> = new Map(
  VARIABLE_LIST.flatMap(([name, { lane }]) => (lane === undefined ? [] : [[lane, name]])),
);
