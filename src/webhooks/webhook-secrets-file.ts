import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isClientName } from '../domain/authenticated-client.js';
import { ConfigError } from '../platform/config/config-error.js';
import { SECRETS_PATTERN } from '../platform/config/variables/intake.js';

/**
 * Reads secrets by client: `clients: { billing: whsec_… }`, several with spaces between them.
 * @throws ConfigError that contains no part of a secret.
 */
export function readWebhookSecretsFile(path: string): ReadonlyMap<string, readonly string[]> {
  const clients = toObject(toObject(readYaml(path))?.['clients']);
  if (clients === null) {
    throw unusable(path, 'it must contain `clients`: their names, each with its secrets');
  }
  return new Map(
    Object.entries(clients).map(([client, secrets]) => {
      if (!isClientName(client)) {
        throw unusable(path, `${JSON.stringify(client)} is not the name of a client`);
      }
      if (typeof secrets !== 'string' || !SECRETS_PATTERN.test(secrets)) {
        throw unusable(
          path,
          `the secrets of ${client} must be whsec_ and the base64 of 24 to 128 random bytes`,
        );
      }
      return [client, secrets.trim().split(/\s+/)];
    }),
  );
}

function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw unusable(path, (error as Error).message);
  }
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    throw unusable(path, 'it is neither YAML nor JSON'); // the error quotes the text
  }
}

function toObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function unusable(path: string, reason: string): ConfigError {
  return new ConfigError(`WEBHOOK_SECRETS_FILE ${path} cannot be used: ${reason}`);
}
