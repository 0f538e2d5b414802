import { Injectable } from '@nestjs/common';
import { ConfigError } from '../platform/config/config-error.js';
import { Configuration } from '../platform/config/configuration.js';
import { SECOND_MS } from '../platform/config/units.js';
import { CallbackAllowlist } from './callback-allowlist.js';

/** Options of webhooks. */
@Injectable()
export class WebhookOptions {
  /** Each signs every webhook; without one there are no webhooks. */
  readonly secrets: readonly string[];
  /** The longest time that one attempt takes. */
  readonly timeoutMs: number;
  /** Hosts and networks that callbacks may lead to although they are not public. */
  readonly allow: CallbackAllowlist;
  /** How long attempts in flight may still take after a stop signal. */
  readonly shutdownGraceMs: number;

  /** @throws ConfigError where CALLBACK_ALLOW cannot be read. */
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
