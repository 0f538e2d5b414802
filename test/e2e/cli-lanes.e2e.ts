import { describe, expect, it, jest } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { useCli, type CliRun } from '../support/cli.js';

jest.setTimeout(60_000);

describe('sluice lanes', () => {
  const start = useBuiltService();
  const { inPipe } = useCli();
  const run = (url: string, ...args: string[]): Promise<CliRun> => inPipe(['lanes', ...args], url).ended;

  it('shows the pace of each lane, and changes it', async () => {
    const { url } = await start({ BATCH_DELAY: '2' });
    expect((await run(url)).stdout).toMatch(/^LANE +VERSION +SIZE +DELAY +LIMITS\ndefault +1 +3 +2 +-\n$/);

    const limit = ['--limit', 'calls=2 per=10', '--limit', 'ids=100 per=day time_zone=Europe/Berlin'];
    const { exitCode, stdout } = await run(url, 'set', 'default', '--batch-size', '5', ...limit);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^default, version 2\n/);
    expect(stdout).toMatch(/\nbatch_size +5 +api, in place of 3 \(default\)\n/);
    expect(stdout).toContain('[{"calls":2,"per":10},{"ids":100,"per":"day","time_zone":"Europe/Berlin"}]');

    const reverted = await run(
      url,
      'set',
      'default',
      '--revert',
      'batch_size',
      '--setting',
      'max_attempts=7',
      '--json',
    );
    const { settings } = JSON.parse(reverted.stdout) as { settings: object };
    expect(settings).toMatchObject({
      batch_size: { value: 3, source: 'default' },
      max_attempts: { value: 7, source: 'api' },
    });
    expect((await run(url, 'show', 'default')).stdout).toMatch(/\nmax_attempts +7 +api, in place of 5/);
  });

  it('makes a lane, and retires it', async () => {
    const { url } = await start({ LANE_URL_ALLOW: '127.0.0.1' });
    const upstream = ['--upstream', 'http://127.0.0.1:9/{id}', '--limit', 'calls=2 per=10'];
    const made = await run(url, 'create', 'crm', ...upstream, '--setting', 'max_attempts=2');
    expect(made.stderr).toBe('');
    expect(made.stdout).toMatch(/^crm, version 1\n/);
    expect(made.stdout).toMatch(/\nurl +http:\/\/127\.0\.0\.1:9\/\{id\} +api/);
    expect((await run(url, 'create', 'crm')).stderr).toContain('there is a lane crm already');
    expect((await run(url, 'retire', 'crm', '--pending', 'all')).stderr).toContain('must be one of');
    expect((await run(url, 'retire', 'crm')).stdout).toBe('crm is being retired\n');
  });

  it('changes nothing if the version is another one, the lane unknown or a value wrong', async () => {
    const { url } = await start({});
    const errors = await Promise.all([
      run(url, 'set', 'default', '--batch-size', '5', '--if-version', '9'),
      run(url, 'set', 'none', '--batch-size', '5'),
      run(url, 'set', 'default', '--batch-size', '0'),
      run(url, 'set', 'default', '--limit', 'calls'),
      run(url, 'set', 'default', '--batch-size', 'many'),
      run(url, 'set', 'default', '--if-version', 'x', '--batch-size', '5'),
    ]);

    expect(errors.every(({ exitCode }) => exitCode !== 0)).toBe(true);
    expect(errors.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining('version'),
      expect.stringContaining('unknown lane'),
      expect.stringContaining('batch_size must not be less than 1'),
      expect.stringContaining('calls is not name=value'),
      expect.stringContaining('must be a number'),
      expect.stringContaining('must be a number'),
    ]);
    expect((await run(url)).stdout).toMatch(/\ndefault +1 +3 +5 +-\n$/);
  });
});
