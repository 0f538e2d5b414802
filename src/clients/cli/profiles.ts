import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CliError, EXIT } from './cli-error.js';

/** A service that the user has given a name. */
export interface Profile {
  readonly url: string;
  readonly apiKeyFile?: string;
}

interface ProfilesFile {
  readonly default?: string;
  readonly profiles?: Readonly<
    Record<string, { readonly url?: unknown; readonly api_key_file?: unknown } | null>
  >;
}

/**
 * Returns the path of the user's profiles: `$XDG_CONFIG_HOME/sluice/profiles.yaml`, or the same in `~/.config`; null
 * if neither folder is known.
 */
export function profilesPath({ XDG_CONFIG_HOME = '', HOME = '' }: NodeJS.ProcessEnv): string | null {
  if (XDG_CONFIG_HOME !== '') {
    return join(XDG_CONFIG_HOME, 'sluice/profiles.yaml');
  }
  return HOME === '' ? null : join(HOME, '.config/sluice/profiles.yaml');
}

/**
 * Reads a profile; without a name the one that the file calls `default`. Returns null if no profile is asked for.
 * @throws CliError if the file or the profile cannot be used.
 */
export async function readProfile(path: string | null, name: string | undefined): Promise<Profile | null> {
  if (path === null || !existsSync(path)) {
    if (name !== undefined) {
      throw new CliError(`there is no profile ${name}: ${path ?? 'HOME'} does not exist`, EXIT.usage);
    }
    return null;
  }
  const { parse } = await import('yaml');
  let file: ProfilesFile | null;
  try {
    file = parse(readFileSync(path, 'utf8')) as ProfilesFile | null;
  } catch (error) {
    throw new CliError(
      `${path} cannot be read: ${(error as Error).message.split('\n')[0] ?? ''}`,
      EXIT.usage,
    );
  }
  const wanted = name ?? file?.default;
  if (wanted === undefined) {
    return null;
  }
  const profile = file?.profiles?.[wanted];
  if (typeof profile?.url !== 'string') {
    const known = Object.keys(file?.profiles ?? {}).join(', ');
    throw new CliError(`${path} has no profile ${wanted} with a url; it has: ${known}`, EXIT.usage);
  }
  const { url, api_key_file: keyFile } = profile;
  return typeof keyFile === 'string' ? { url, apiKeyFile: toPath(keyFile, path) } : { url };
}

/** Resolves a path from the folder of the profiles; `~` is the home folder. */
function toPath(file: string, profiles: string): string {
  return resolve(dirname(profiles), file.replace(/^~(?=\/)/, homedir()));
}
