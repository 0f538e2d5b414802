import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { failToStart, useBuiltService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(30_000);

const EX_CONFIG = 78;

/** Returns the expected exit code and output of a service that does not start. */
const oneLine = (exitCode: number, line: string) => ({ exitCode, stdout: '', stderr: `${line}\n` });

describe('The service does not start, and says why in one line,', () => {
  const newFolder = useTempFolders();
  const start = useBuiltService();

  it.each([
    [{ BATCH_SIZE: '0' }, 'BATCH_SIZE must not be less than 1, not "0"'],
    [{ MAX_ATTEMPTS: '0' }, 'MAX_ATTEMPTS must not be less than 1, not "0"'],
    [{ RETRY_BASE: '61' }, 'RETRY_BASE (61) must not be greater than RETRY_MAX (60)'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not "loud"'],
    [{ MOCK_DELAY_MAX: '1e9' }, 'MOCK_DELAY_MAX must not be greater than 86400, not "1e9"'],
    [{ PRIORITY_AGING: '1e12' }, 'PRIORITY_AGING must not be greater than 31536000, not "1e12"'],
    [{ HOST: '999.1.1.1' }, 'HOST cannot be "999.1.1.1": getaddrinfo ENOTFOUND 999.1.1.1'],
    [
      { HOST: '192.0.2.1' },
      'HOST cannot be "192.0.2.1": listen EADDRNOTAVAIL: address not available 192.0.2.1',
    ],
    [
      { DATABASE_URL: 'postgres://user:%zz@127.0.0.1/db' },
      'DATABASE_URL is not a URL: a port must be a number, and a special character in a password must be percent-encoded',
    ],
    [
      { DATABASE_URL: 'postgres://user@127.0.0.1/db?sslmode=yes' },
      'DATABASE_URL must have an sslmode of disable, allow, prefer, require, verify-ca, verify-full, no-verify',
    ],
    [
      { DATABASE_URL: 'mysql://user:secret@host/db' },
      'DATABASE_URL must begin with postgres:// or postgresql://',
    ],
  ])('with %j', (variables, reason) => {
    const failure = failToStart({ DATA_DIR: newFolder(), ...variables });
    expect(failure).toEqual(oneLine(EX_CONFIG, `sluice cannot start: ${reason}`));
  });

  it('where its folder cannot be made', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const folder = join(file, 'data');
    const reason = `cannot open the store at ${folder}/sluice.sqlite: ${file} is neither a folder nor a link to one`;
    expect(failToStart({ DATA_DIR: folder })).toEqual(oneLine(1, `sluice cannot start: ${reason}`));
  });

  it('where the system makes no folders', () => {
    const reason =
      "cannot open the store at /proc/nope/sluice.sqlite: ENOENT: no such file or directory, mkdir '/proc/nope'";
    expect(failToStart({ DATA_DIR: '/proc/nope' })).toEqual(oneLine(1, `sluice cannot start: ${reason}`));
  });

  it('where nobody answers for PostgreSQL', () => {
    const { exitCode, stdout, stderr } = failToStart({
      DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/nowhere',
      DATABASE_CONNECT_TIMEOUT: '0.2',
    });
    expect(stderr).toMatch(/^sluice cannot start: cannot use PostgreSQL at 127\.0\.0\.1:1\/nowhere.*\n$/);
    expect(stderr).not.toContain('secret');
    expect([exitCode, stdout]).toEqual([1, '']);
  });

  it('where its port or its store is in use, and the one that uses it goes on', async () => {
    const dataDir = newFolder();
    const service = await start({
      DATA_DIR: dataDir,
      BATCH_DELAY: '0',
      MOCK_DELAY_MIN: '0',
      MOCK_DELAY_MAX: '0',
    });
    const { host, port } = new URL(service.url);
    expect(failToStart({ DATA_DIR: newFolder(), PORT: port })).toEqual(
      oneLine(1, `sluice cannot start: listen EADDRINUSE: address already in use ${host}`),
    );
    expect(failToStart({ DATA_DIR: dataDir })).toEqual(
      oneLine(1, `sluice cannot start: ${dataDir}/sluice.sqlite is in use by another process`),
    );
    const headers = { 'Content-Type': 'application/json' };
    const body = '{"ids":[1],"priority":"HIGH"}';
    expect((await fetch(`${service.url}/ingest`, { method: 'POST', headers, body })).status).toBe(200);
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
  });
});

describe('The service does not start', () => {
  const newFolder = useTempFolders();
  const run = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
    failToStart({ DATA_DIR: join(newFolder(), 'data'), ...variables }, args);

  it.each([['--help'], ['--version'], ['--print-config'], ['--check-config']])('with %s', (option) => {
    const { exitCode, stdout, stderr } = run([option]);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      {
        '--help': /^Usage: sluice serve/,
        '--version': /^\d+\.\d+\.\d+\n$/,
        '--print-config': /^PORT=0 +# environment$/m,
      }[option] ?? /^$/,
    );
  });

  it('with an option or argument that it does not know', () => {
    expect(run(['--chek-config'])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run(['now'])).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('to check its settings: it names every fault, and those of names', () => {
    const { exitCode, stdout, stderr } = run(['--check-config'], {
      BATCH_SIZE: '0',
      PORT: 'x',
      BATCH_DELY: '1',
    });
    expect([exitCode, stdout]).toEqual([EX_CONFIG, '']);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'PORT must be an integer, not "x"',
      'BATCH_SIZE must not be less than 1, not "0"',
      'BATCH_DELY is not a setting of Sluice and is ignored; did you mean BATCH_DELAY?',
    ]);
  });
});

describe('The service starts', () => {
  const newFolder = useTempFolders();
  const start = useBuiltService();

  it('where its folder does not exist yet, says what it is in one line, and stops with a signal', async () => {
    const folder = join(newFolder(), 'deeper', 'data');
    const service = await start({ DATA_DIR: folder, BATCH_SIZE: '4', BATCH_DELAY: '0.5' });
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
    const lines = service.printed.trimEnd().split('\n');
    const [startLine, ...rest] = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(startLine).toMatch(
      new RegExp(
        `^Sluice listens on ${service.url} \\(docs at ${service.url}/docs\\) ` +
          `\\| store: SQLite at ${folder}/sluice\\.sqlite \\| upstream: simulated API .* ` +
          `\\| pace: up to 4 ids every 0\\.5 s$`,
      ),
    );
    expect(rest).toEqual([
      'SIGTERM: stopping; calls in flight may end, a second signal stops at once',
      'stopped',
    ]);
  });

  it('with a setting whose name is misspelt, and warns of it', async () => {
    const service = await start({ DATA_DIR: join(newFolder(), 'data'), BATCH_SIZ: '7' });
    expect(service.printed).toContain(
      'BATCH_SIZ is not a setting of Sluice and is ignored; did you mean BATCH_SIZE?',
    );
  });
});
