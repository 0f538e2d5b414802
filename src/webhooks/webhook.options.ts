import { Injectable } from '@nestjs/common';
import { ConfigError } from '../platform/config/config-error.js';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS } from '../platform/config/units.js';
import type { Variables } from '../platform/config/variables.js';
import { readAllowlist, type HostAllowlist } from '../platform/dns/host-allowlist.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { readWebhookSecretsFile } from './webhook-secrets-file.js';

/** Options of webhooks. */
@Injectable()
export class WebhookOptions {
  /** The secrets that sign webhooks; without one, webhooks are disabled. */
  readonly secrets: WebhookSecrets;
  /** The timeout of one attempt. */
  readonly timeoutMs: number;
  /** Hosts and networks that may receive callbacks although they are not public. */
  readonly allow: HostAllowlist;
  /** The time that attempts in flight may take after a stop signal, in ms. */
  readonly shutdownGraceMs: number;

  /** @throws ConfigError if CALLBACK_ALLOW or the secrets cannot be used. */
  constructor({ variables }: Configuration) {
    this.secrets = toSecrets(variables);
    this.timeoutMs = variables.WEBHOOK_TIMEOUT * SECOND_MS;
    this.allow = readAllowlist('CALLBACK_ALLOW', variables.CALLBACK_ALLOW);
    this.shutdownGraceMs = variables.SHUTDOWN_GRACE * SECOND_MS;
  }
}

function toSecrets(variables: Variables): WebhookSecrets {
  const { WEBHOOK_SECRETS_FILE: file } = variables;
  const [shared, masters] = [toList(variables.WEBHOOK_SECRET), toList(variables.WEBHOOK_MASTER_SECRET)];
  if (file !== undefined && masters.length === 0) {
    throw new ConfigError(
      'WEBHOOK_SECRETS_FILE needs WEBHOOK_MASTER_SECRET for the clients that are not in it',
    );
  }
  const byClient = file === undefined ? new Map<string, string[]>() : readWebhookSecretsFile(file);
  const known = new Set([...shared, ...[...byClient.values()].flat()]);
  if (masters.some((master) => known.has(master))) {
    throw new ConfigError('WEBHOOK_MASTER_SECRET must not be a secret that receivers know');
  }
  return new WebhookSecrets({ shared, masters, byClient });
}

function toList(secrets: string | undefined): string[] {
  return secrets?.trim().split(/\s+/) ?? [];
}
