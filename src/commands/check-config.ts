import { readFileSync } from 'node:fs';
import { DEFAULT_LANE } from '../domain/lane.js';
import { ExternalApiOptions } from '../external-api/external-api.options.js';
import { readMapping } from '../external-api/mapping/read-mapping.js';
import { AuthOptions } from '../platform/auth/auth.options.js';
import { readKeysFile, toVerifiableKey } from '../platform/auth/keys-file.js';
import { checkConfiguration } from '../platform/config/check-configuration.js';
import { ConfigError } from '../platform/config/config-error.js';
import { Configuration, LaneConfiguration } from '../platform/config/configuration.js';
import type { Environment } from '../platform/config/read-variables.js';
import { findUnknownVariables, formatUnknownVariable } from '../platform/config/unknown-variables.js';
import { VARIABLES, type VariableName, type Variables } from '../platform/config/variables.js';
import { HttpServerOptions } from '../platform/http/http-server.options.js';
import { WebhookOptions } from '../webhooks/webhook.options.js';

/** Finds every fault in the settings, without opening the store, a port or a connection. */
export function findConfigFaults(environment: Environment): string[] {
  const { configuration, lanes, faults } = checkConfiguration(environment);
  const { variables } = configuration;
  const found = [
    ...faults,
    ...findUnknownVariables(environment).map(formatUnknownVariable),
    ...faultsOf(variables, checkServer).map(({ message }) => message),
  ];
  for (const { name, variables: ofLane } of configuration.lanes) {
    const entry = lanes.find((lane) => lane.name === name);
    const explain = entry?.explain ?? ((error: ConfigError) => error);
    found.push(...faultsOf(ofLane, checkUpstream).map((error) => explain(error).message));
  }
  return [...new Set(found)];
}

function checkServer(configuration: Configuration): void {
  new HttpServerOptions(configuration);
  new WebhookOptions(configuration);
  const { keysFile } = new AuthOptions(configuration);
  if (keysFile !== null) {
    assertReadable(`API_KEYS_FILE ${keysFile}`, () =>
      readKeysFile(readFileSync(keysFile, 'utf8')).entries.map(toVerifiableKey),
    );
  }
}

function checkUpstream(configuration: Configuration): void {
  new ExternalApiOptions(configuration, readMapping);
  const { EXTERNAL_API_TOKEN_FILE: file } = configuration.variables;
  if (file !== undefined) {
    assertReadable('EXTERNAL_API_TOKEN_FILE', () => readFileSync(file));
  }
}

/** @throws ConfigError with the reason why `read` fails. */
function assertReadable(name: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw new ConfigError(`${name} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Finds every fault that `check` throws: after each one, the first variable that it names gets its default, and
 * `check` runs again.
 */
function faultsOf(variables: Variables, check: (configuration: Configuration) => void): ConfigError[] {
  const faults: ConfigError[] = [];
  let current = variables;
  for (;;) {
    try {
      check(new Configuration(current, [new LaneConfiguration(DEFAULT_LANE, current)]));
      return faults;
    } catch (error) {
      if (!(error instanceof ConfigError)) {
        throw error;
      }
      faults.push(error);
      const name = findFaultyVariable(error.message, current);
      if (name === undefined) {
        return faults;
      }
      current = { ...current, [name]: VARIABLES[name].default };
    }
  }
}

/** Returns the first variable in the message that has another value than its default. */
function findFaultyVariable(message: string, variables: Variables): VariableName | undefined {
  const names: readonly string[] = message.match(/\b[A-Z][A-Z_]+\b/g) ?? [];
  return names.find(
    (name): name is VariableName =>
      name in VARIABLES && variables[name as VariableName] !== VARIABLES[name as VariableName].default,
  );
}
