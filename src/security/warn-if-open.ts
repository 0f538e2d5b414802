import type { LoggerService } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { isAccessLimited } from './access-config.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/i;

/** Says so where everyone who reaches the service may do everything. */
export function warnIfOpen({ host, access }: Config, logger: LoggerService): void {
  if (!isAccessLimited(access) && !LOOPBACK.test(host)) {
    logger.warn(
      `no keys are asked for: whoever reaches ${host} may do everything (set API_KEYS_FILE or JWKS_URL, or HOST=127.0.0.1)`,
    );
  }
}
