import type { LoggerService } from '@nestjs/common';
import type { AuthOptions } from './auth.options.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/i;

/** Logs a warning if authentication is disabled and the service listens on other addresses than loopback. */
export function warnIfUnauthenticated({ isEnabled }: AuthOptions, host: string, logger: LoggerService): void {
  if (!isEnabled && !LOOPBACK.test(host)) {
    logger.warn(
      `authentication is disabled: anyone who can reach ${host} may do everything (set API_KEYS_FILE or JWKS_URL, or HOST=127.0.0.1)`,
    );
  }
}
