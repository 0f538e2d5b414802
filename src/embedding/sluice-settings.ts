import type { VariableName, Variables } from '../platform/config/variables.js';

/** Variables that have no meaning inside another application: it has its own server, log and lanes. */
type ServiceOnly = 'HOST' | 'PORT' | 'LOG_LEVEL' | 'LANES_FILE';

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<Name>;

/**
 * The settings of a service, by the names of its variables in camel case (`BATCH_SIZE` is `batchSize`), in the same
 * units and with the same defaults: see docs/configuration.md.
 */
export type SluiceSettings = {
  readonly [Name in Exclude<VariableName, ServiceOnly> as CamelCase<Name>]?: Variables[Name];
};

/** The settings that a lane may have of its own; it takes the others from the whole. */
export type LaneSettings = Pick<
  SluiceSettings,
  | 'batchSize'
  | 'batchDelay'
  | 'limits'
  | 'quietHours'
  | 'minFill'
  | 'maxWait'
  | 'fillExempt'
  | 'maxInFlight'
  | 'maxAttempts'
  | 'retryBase'
  | 'retryMax'
  | 'retryAfterMax'
  | 'breakerThreshold'
  | 'breakerCooldown'
  | 'externalApiUrl'
>;
