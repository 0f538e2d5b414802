import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { findService } from './service-address.js';

describe('The service that a command talks to', () => {
  const newFolder = useTempFolders();
  let folder = '';
  beforeEach(() => {
    folder = newFolder();
    mkdirSync(join(folder, 'sluice'));
    writeFileSync(
      join(folder, 'sluice/profiles.yaml'),
      'default: a\nprofiles:\n  a: {url: "http://a", api_key_file: a.key}\n  b: {url: "http://b"}\n  c: {}\n  d: {url: "ftp://d"}\n',
    );
    writeFileSync(join(folder, 'sluice/a.key'), 'key-of-a\n');
    writeFileSync(join(folder, 'key'), 'key-of-file\n');
  });

  it.each([
    ['localhost without anything', {}, { XDG_CONFIG_HOME: '/nonexistent' }, { url: 'http://localhost:8000' }],
    ['the default profile', {}, {}, { url: 'http://a', apiKey: 'key-of-a' }],
    ['the profile of the environment', {}, { SLUICE_PROFILE: 'b' }, { url: 'http://b' }],
    [
      'SLUICE_URL before a default profile',
      {},
      { SLUICE_URL: 'http://e', SLUICE_API_KEY: 'k' },
      { url: 'http://e', apiKey: 'k' },
    ],
    [
      '--profile before SLUICE_URL',
      { profile: 'a' },
      { SLUICE_URL: 'http://e', SLUICE_API_KEY: 'k' },
      { url: 'http://a', apiKey: 'key-of-a' },
    ],
    [
      '--url before all, without the key of a profile',
      { url: 'http://o', profile: 'a' },
      {},
      { url: 'http://o' },
    ],
    [
      '--url with the key of the environment',
      { url: 'http://o' },
      { SLUICE_API_KEY: 'k' },
      { url: 'http://o', apiKey: 'k' },
    ],
    [
      'a profile without a key, and no other key',
      { profile: 'b' },
      { SLUICE_API_KEY: 'k' },
      { url: 'http://b' },
    ],
  ])('is %s', async (_name, options, environment, expected) => {
    expect(await findService(options, { XDG_CONFIG_HOME: folder, ...environment })).toEqual(expected);
  });

  it('is of a profile in ~/.config if XDG_CONFIG_HOME is empty', async () => {
    const home = newFolder();
    mkdirSync(join(home, '.config/sluice'), { recursive: true });
    writeFileSync(join(home, '.config/sluice/profiles.yaml'), 'profiles: {h: {url: "http://h"}}\n');
    const environment = { XDG_CONFIG_HOME: '', HOME: home };
    expect(await findService({ profile: 'h' }, environment)).toEqual({ url: 'http://h' });
  });

  it('gets the key of --api-key-file', async () => {
    const options = { profile: 'a', apiKeyFile: join(folder, 'key') };
    expect(await findService(options, { XDG_CONFIG_HOME: folder })).toEqual({
      url: 'http://a',
      apiKey: 'key-of-file',
    });
  });

  it.each([
    [{ profile: 'none' }, /has no profile none with a url; it has: a, b, c, d/],
    [{ profile: 'c' }, /has no profile c with a url/],
    [{ profile: 'd' }, /^the url of the profile is not an http/],
    [{ url: 'ftp://x' }, /--url is not an http/],
    [{ url: 'http://x', apiKeyFile: '/nonexistent' }, /the key file cannot be read: ENOENT/],
  ])('is refused with a reason for %j', async (options, reason) => {
    await expect(findService(options, { XDG_CONFIG_HOME: folder })).rejects.toThrow(reason);
  });
});
