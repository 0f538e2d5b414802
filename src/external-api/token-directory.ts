import { realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ConfigError } from '../platform/config/config-error.js';

/**
 * Returns the path of a token file that a client names. It must be inside the directory, also where links lead.
 * @throws ConfigError if there is no directory or no such file in it; the message tells nothing of other files
 */
export function findTokenFile(directory: string | null, name: string): string {
  if (directory === null) {
    throw new ConfigError('token_file cannot be set over the API: LANE_TOKEN_DIR names no directory');
  }
  const path = resolve(directory, name);
  if (!isInside(resolve(directory), path) || !isFileInside(directory, path)) {
    throw new ConfigError('token_file must name a file in the directory LANE_TOKEN_DIR');
  }
  return path;
}

/** Mounted secrets are links to other places of the same directory, so where they lead is what counts. */
function isFileInside(directory: string, path: string): boolean {
  try {
    const real = realpathSync(path);
    return isInside(realpathSync(directory), real) && statSync(real).isFile();
  } catch {
    return false;
  }
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
