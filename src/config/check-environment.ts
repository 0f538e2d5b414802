import { validateSync, type ValidationError } from 'class-validator';
import { ConfigError } from './config.js';
import type { Environment } from './environment.js';

/** URLs and headers may carry passwords: neither their values nor those of secrets are repeated in errors. */
const MAY_BE_SECRET = /_(URL|HEADERS|SECRET)$/;

/** What is told first, in the words of who sets a variable: no bound is of use before the value is of its kind. */
const KINDS: Readonly<Record<string, string>> = {
  isInt: 'must be an integer',
  isNumber: 'must be a number',
  isBoolean: 'must be true or false',
  isUrl: 'must be a URL that begins with http:// or https://',
};

/** @throws ConfigError that names the first variable that is not usable, why, and what was given. */
export function checkEnvironment(
  environment: Environment,
  given: Readonly<Record<string, string | undefined>>,
): void {
  const [error] = validateSync(environment);
  if (error !== undefined) {
    const { property } = error;
    throw new ConfigError(
      `${whyOf(error)}${MAY_BE_SECRET.test(property) ? '' : `, not "${given[property] ?? ''}"`}`,
    );
  }
  refuseContradictions(environment);
}

function whyOf({ property, constraints = {} }: ValidationError): string {
  const kind = Object.keys(KINDS).find((name) => name in constraints);
  const [why = `${property} is not valid`] = Object.values(constraints);
  return kind === undefined ? why : `${property} ${String(KINDS[kind])}`;
}

function refuseContradictions(environment: Environment): void {
  const ordered = [
    ['MOCK_DELAY_MIN', 'MOCK_DELAY_MAX'],
    ['RETRY_BASE', 'RETRY_MAX'],
  ] as const;
  for (const [low, high] of ordered) {
    if (environment[low] > environment[high]) {
      throw new ConfigError(
        `${low} (${String(environment[low])}) must not be greater than ${high} (${String(environment[high])})`,
      );
    }
  }
}
