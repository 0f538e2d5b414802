import { readFileSync } from 'node:fs';
import { CliError, EXIT } from './cli-error.js';
import { profilesPath, readProfile } from './profiles.js';

const DEFAULT_URL = 'http://localhost:8000';

/** Options of every command that talks to a service. */
export interface ServiceOptions {
  readonly url?: string;
  readonly apiKeyFile?: string;
  readonly profile?: string;
}

/** The URL of the service, and the key that is sent to it. */
export interface ServiceAddress {
  readonly url: string;
  readonly apiKey?: string;
}

/**
 * Finds the service: `--url`, `--profile`, `SLUICE_URL`, `SLUICE_PROFILE`, the default profile, localhost. The key of
 * a profile is sent to the service of that profile only; `SLUICE_API_KEY` to any that is not of a profile.
 * @throws CliError if an option, a profile or a key file cannot be used.
 */
export async function findService(
  { url, apiKeyFile, profile: named }: ServiceOptions,
  environment: NodeJS.ProcessEnv,
): Promise<ServiceAddress> {
  const [ofUrl, ofKey, ofProfile] = ['SLUICE_URL', 'SLUICE_API_KEY', 'SLUICE_PROFILE'].map((name) =>
    environment[name] === '' ? undefined : environment[name],
  );
  const givenUrl = url ?? (named === undefined ? ofUrl : undefined);
  const profile =
    givenUrl === undefined ? await readProfile(profilesPath(environment), named ?? ofProfile) : null;
  const address = checkUrl(
    givenUrl ?? profile?.url ?? DEFAULT_URL,
    url !== undefined ? '--url' : profile === null ? 'SLUICE_URL' : 'the url of the profile',
  );
  const keyFile = apiKeyFile ?? profile?.apiKeyFile;
  const apiKey = keyFile === undefined ? (profile === null ? ofKey : undefined) : readKey(keyFile);
  return apiKey === undefined ? { url: address } : { url: address, apiKey };
}

function checkUrl(url: string, source: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CliError(`${source} is not an http:// or https:// address: ${url}`, EXIT.usage);
  }
  return url;
}

function readKey(file: string): string {
  let key: string;
  try {
    key = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError(`the key file cannot be read: ${(error as Error).message}`, EXIT.usage);
  }
  if (key === '' || /\s/.test(key)) {
    throw new CliError(`${file} must hold one API key and nothing else`, EXIT.usage);
  }
  return key;
}
