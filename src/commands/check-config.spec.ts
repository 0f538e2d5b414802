import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useTempFolders } from '../../test/support/temp-folder.js';
import { findConfigFaults } from './check-config.js';
import { formatConfig } from './print-config.js';

describe('The check of the configuration', () => {
  const newFolder = useTempFolders();

  it('finds nothing in an environment without settings, or with those of other programs', () => {
    expect(findConfigFaults({})).toEqual([]);
    const others = {
      PATH: '/bin',
      HOSTNAME: 'a',
      HOME: '/root',
      POST: '1',
      npm_config_cache: '/x',
      SLUICE_URL: 'http://x',
    };
    const ofKubernetes = { SLUICE_PORT: 'tcp://10.0.0.1:80', SLUICE_SERVICE_HOST: '10.0.0.1' };
    expect(findConfigFaults({ ...others, ...ofKubernetes })).toEqual([]);
  });

  it('finds all faults at once, also those of features and files', () => {
    const faults = findConfigFaults({
      PORT: 'x',
      BATCH_SIZE: '0',
      RETRY_BASE: '61',
      LOG_LEVEL: 'loud',
      CORS_ORIGINS: 'nowhere',
      TRUST_PROXY: 'everyone',
      CALLBACK_ALLOW: '??',
      JWT_ISSUER: 'https://issuer.example',
      API_KEYS_FILE: '/nonexistent/keys',
      EXTERNAL_API_URL: 'https://api.example/x',
      EXTERNAL_API_METHOD: 'GET',
      EXTERNAL_API_HEADERS: '[]',
      EXTERNAL_API_CA_FILE: '/nonexistent/ca',
      EXTERNAL_API_TOKEN_FILE: '/nonexistent/token',
    });
    const names = faults.map((fault) => /[A-Z]+_?[A-Z_]+/.exec(fault)?.[0]);
    expect(names.toSorted()).toEqual([
      'API_KEYS_FILE',
      'BATCH_SIZE',
      'CALLBACK_ALLOW',
      'CORS_ORIGINS',
      'EXTERNAL_API_CA_FILE',
      'EXTERNAL_API_HEADERS',
      'EXTERNAL_API_METHOD',
      'EXTERNAL_API_TOKEN_FILE',
      'JWT_ISSUER',
      'LOG_LEVEL',
      'PORT',
      'RETRY_BASE',
      'TRUST_PROXY',
    ]);
  });

  it('does not complain of what a faulty variable is compared with', () => {
    expect(findConfigFaults({ RETRY_BASE: 'x', RETRY_MAX: '0.5' })).toEqual([
      'RETRY_BASE must be a number, not "x"',
    ]);
  });

  it('finds all faults of a lanes file, each with its line', () => {
    const file = join(newFolder(), 'lanes.yaml');
    writeFileSync(
      file,
      'lanes:\n  crm:\n    batch_siz: 1\n    batch_delay: -1\n    retry_base: x\n  ERP: {batch_size: 1}\n  erp:\n    url: https://e/\n    method: GET\n',
    );
    expect(findConfigFaults({ LANES_FILE: file, BATCH_SIZE: '0' })).toEqual([
      'BATCH_SIZE must not be less than 1, not "0"',
      `${file}:3: lane crm has no setting "batch_siz"; did you mean batch_size?`,
      `${file}:6: "ERP" is no name for a lane: a-z, 0-9, _ and -, at most 63`,
      `${file}:4: lane crm: batch_delay must not be less than 0, not "-1"`,
      `${file}:5: lane crm: retry_base must be a number, not "x"`,
      expect.stringMatching(/:8: lane erp: method \(GET\) carries no list of ids/),
    ]);
  });

  it.each([
    ['BATCH_SIZ', 'BATCH_SIZE'],
    ['BATCH_SIEZ', 'BATCH_SIZE'],
    ['batch_size', 'BATCH_SIZE'],
    ['SLUICE_BATCH_SIZE', 'BATCH_SIZE'],
    ['API_KEY_FILE', 'API_KEYS_FILE'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['PRT', 'PORT'],
  ])('names the setting that %s probably should be', (name, nearest) => {
    expect(findConfigFaults({ [name]: '7' })).toEqual([
      `${name} is not a setting of Sluice and is ignored; did you mean ${nearest}?`,
    ]);
  });

  it('shows no secret', () => {
    const url = 'postgres://user:hunter2@host/db';
    const secrets = {
      DATABASE_URL: 'mysql://user:hunter2@host',
      EXTERNAL_API_HEADERS: 'hunter2',
      WEBHOOK_SECRET: 'hunter2',
    };
    expect(findConfigFaults(secrets).join()).not.toContain('hunter2');
    expect(formatConfig({ ...secrets, DATABASE_URL: url })).not.toContain('hunter2');
  });
});

describe('The printed configuration', () => {
  const newFolder = useTempFolders();

  it('has every setting with its value and its origin, and what each lane sets itself', () => {
    const file = join(newFolder(), 'lanes.yaml');
    writeFileSync(file, 'lanes:\n  crm:\n    batch_size: 50\n');
    const lines = formatConfig({ PORT: '9000', LANES_FILE: file, BATCH_DELAY: 'x', JWKS_URL: 'https://a/b' })
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' '));
    expect(lines).toContain('PORT=9000 # environment');
    expect(lines).toContain('BATCH_SIZE=3 # default');
    expect(lines).toContain('BATCH_DELAY= # environment, not valid');
    expect(lines).toContain('JWKS_URL=(hidden) # environment');
    expect(lines.slice(-2)).toEqual(['# lane crm', `BATCH_SIZE=50 # ${file}:3`]);
  });

  it('shows no value for a setting of a lane that is not valid', () => {
    const file = join(newFolder(), 'lanes.yaml');
    writeFileSync(file, 'lanes:\n  crm:\n    batch_size: 0\n    batch_delay: 1\n');
    const lines = formatConfig({ LANES_FILE: file })
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' '));
    expect(lines.slice(-2)).toEqual([`BATCH_SIZE= # ${file}:3, not valid`, `BATCH_DELAY=1 # ${file}:4`]);
  });
});
