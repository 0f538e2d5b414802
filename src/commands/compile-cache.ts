import { enableCompileCache as enable } from 'node:module';
import { join } from 'node:path';

/**
 * Keeps compiled code in a folder of this user, so that the next start need not compile it: `CACHE_DIRECTORY` (set by
 * systemd), `XDG_CACHE_HOME/sluice` or `~/.cache/sluice`. Without such a folder nothing is kept; a folder for all
 * users, such as the default of Node.js, would let another user put code there. `NODE_COMPILE_CACHE` names another
 * folder; Node.js reads it itself.
 */
export function enableCompileCache({
  NODE_COMPILE_CACHE,
  CACHE_DIRECTORY,
  XDG_CACHE_HOME,
  HOME,
}: NodeJS.ProcessEnv): void {
  if (isSet(NODE_COMPILE_CACHE)) {
    return;
  }
  if (isSet(CACHE_DIRECTORY)) {
    enable(CACHE_DIRECTORY);
  } else if (isSet(XDG_CACHE_HOME)) {
    enable(join(XDG_CACHE_HOME, 'sluice'));
  } else if (isSet(HOME)) {
    enable(join(HOME, '.cache/sluice'));
  }
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
