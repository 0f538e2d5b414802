import { Injectable } from '@nestjs/common';
import { ConfigError } from '../platform/config/config-error.js';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS } from '../platform/config/units.js';
import { CallbackAllowlist } from './callback-allowlist.js';

/** Options of webhooks. */
@Injectable()
export class WebhookOptions {
  /** Secrets that sign every webhook; without one, webhooks are disabled. */
  readonly secrets: readonly string[];
  /** The timeout of one attempt. */
  readonly timeoutMs: number;
  /** Hosts and networks that may receive callbacks although they are not public. */
  readonly allow: CallbackAllowlist;
  /** The time that attempts in flight may take after a stop signal, in ms. */
  readonly shutdownGraceMs: number;

  /** @throws ConfigError if CALLBACK_ALLOW cannot be parsed. */
  constructor({ variables }: Configuration) {
    const allow = CallbackAllowlist.parse(variables.CALLBACK_ALLOW);
    if (allow === null) {
      throw new ConfigError(
        `CALLBACK_ALLOW must be names, addresses and networks with commas between them, not "${variables.CALLBACK_ALLOW}"`,
      );
    }
    this.secrets = variables.WEBHOOK_SECRET?.trim().split(/\s+/) ?? [];
    this.timeoutMs = variables.WEBHOOK_TIMEOUT * SECOND_MS;
    this.allow = allow;
    this.shutdownGraceMs = variables.SHUTDOWN_GRACE * SECOND_MS;
  }
}
