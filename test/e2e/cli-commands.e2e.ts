import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { parseExact } from '../../src/clients/typescript/index.js';
import { useSharedService } from '../support/built-service.js';
import { useCli, type CliRun } from '../support/cli.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const LARGEST = '10000000000000000007';
const DELIVERY = /^DELIVERY .*\n([0-9a-f-]{36}) +[0-9a-f-]{36} +ingestion\.failed +(pending|failed) /;

/** The days of the week except one that is not near. */
function daysAround(now: Date): string {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  return days.filter((_, day) => day !== (now.getUTCDay() + 3) % 7).join(', ');
}

describe('sluice', () => {
  const service = useSharedService((folder) => {
    const lanes = join(folder, 'lanes.yaml');
    const quietHours = `{ days: [${daysAround(new Date())}], from: '00:00', to: '24:00' }`;
    writeFileSync(
      lanes,
      `lanes:\n  slow:\n    batch_delay: 3600\n  night:\n    quiet_hours: [${quietHours}]\n`,
    );
    return {
      LANES_FILE: lanes,
      BATCH_DELAY: '0',
      MOCK_DELAY_MIN: '0',
      MOCK_DELAY_MAX: '0',
      MOCK_ERROR_RATE: '1',
      MAX_ATTEMPTS: '1',
      WEBHOOK_MASTER_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
      CALLBACK_ALLOW: '127.0.0.1',
    };
  });
  const { inPipe, onTerminal } = useCli();
  const newFolder = useTempFolders();
  const run = (...args: string[]): Promise<CliRun> => inPipe(args, service.url).ended;

  async function submit(ids: string, ...options: string[]): Promise<string> {
    const path = join(newFolder(), 'ids.txt');
    writeFileSync(path, ids);
    const { stdout, stderr } = await run('submit', path, '-p', 'low', ...options);
    expect(stderr).toBe('');
    return stdout.trim();
  }

  it('shows the results, the dispatches and the webhook of a list that has ended, and finds its ids', async () => {
    const id = await submit(`1 ${LARGEST}`, '--callback-url', 'http://127.0.0.1:9/hook');
    await run('status', id, '--watch');

    const results = await run('results', id);
    expect([results.exitCode, results.stderr]).toEqual([0, '']);
    expect(results.stdout).toBe(
      [
        'ID                    STATUS  RESULT',
        '1                     failed  upstream: simulated failure',
        `${LARGEST}  failed  upstream: simulated failure\n`,
      ].join('\n'),
    );
    const page = await run('results', id, '--json', '--limit', '1', '--status', 'failed');
    expect(parseExact(page.stdout)).toMatchObject({ results: [{ id: 1n, status: 'failed' }], next: '1' });
    expect((await run('results', id, '--limit', '1')).stderr).toBe('more results: use --after 1\n');
    const all = await run('results', id, '--all');
    expect(all.stdout.split('\n').map((line) => /^\{"id":(\d+),/.exec(line)?.[1])).toEqual([
      '1',
      LARGEST,
      undefined,
    ]);

    const dispatches = await run('dispatches', id);
    expect(dispatches.stdout).toMatch(
      /^STARTED .*\n(now|\d+ s ago) +\d+ ms +settled +default +1 +2 +0 +upstream: simulated failure\n$/,
    );
    expect((await run('dispatches', '--lane', 'slow')).stdout).toMatch(/^STARTED .*ERROR\n$/);
    expect((await run('dispatches', id, '--lane', 'slow')).exitCode).toBe(2);

    const found = await run('find', LARGEST);
    expect(found.stdout).toMatch(new RegExp(`\\n${id} +1 +failed +LOW +default +.*simulated failure\\n$`));
    expect((await run('find', '77')).exitCode).toBe(3);
    expect((await run('find', 'x')).exitCode).toBe(2);

    const deliveries = await run('webhooks', 'deliveries', '--ingestion', id);
    const [, delivery = ''] = DELIVERY.exec(deliveries.stdout) ?? [];
    const resent = await run('webhooks', 'resend', delivery);
    expect([resent.exitCode, resent.stdout]).toEqual([0, expect.stringMatching(DELIVERY)]);
    expect((await run('webhooks', 'deliveries', '--state', 'delivered')).stdout).toMatch(
      /^DELIVERY .*URL\n$/,
    );
  });

  it('changes the priority of a list, shows what comes next, and estimates a list without submitting it', async () => {
    await submit('1 2 3', '--lane', 'slow');
    const id = await submit('4 5', '--lane', 'slow');
    const changed = await run('priority', id, 'high');
    expect([changed.exitCode, changed.stdout]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^${id} HIGH yet_to_start 0/2 .*, done in (59 min|1 h)`)),
    ]);
    expect((await run('priority', id, 'urgent')).exitCode).toBe(2);
    const next = await run('queue', 'next', '--lane', 'slow');
    expect(next.stdout).toMatch(new RegExp(`^INGESTION .*\\n${id} +HIGH +- +4 5\\n`));

    const path = join(newFolder(), 'ids.txt');
    writeFileSync(path, '6 7');
    const before = (await run('list', '--json')).stdout;
    const estimate = await run('submit', path, '-p', 'low', '--lane', 'slow', '--dry-run');
    expect(estimate.stdout).toMatch(/^ahead {7}2 ids\nstarts {6}in (59 min|1 h|2 h|1 h 59 min)/);
    expect((await run('list', '--json')).stdout).toBe(before);
    await run('cancel', id);
    expect((await run('priority', id, 'low')).exitCode).toBe(4);
  });

  it('says how the service and its lanes are', async () => {
    await submit('1', '--lane', 'night');
    const health = await run('health');
    expect([health.exitCode, health.stdout]).toEqual([
      0,
      expect.stringMatching(
        /^status {6}healthy\nversion {5}\d+\..*\nstore {7}SQLite at .*\nreplicas {4}1\nup {10}\d+.*\n\nLANE .*\ndefault +closed +- +same +simu/,
      ),
    ]);
    expect((await run('whoami')).stdout).toMatch(
      /\nscopes {6}submit, read, observe, admin\nlanes {7}default, slow, night\n$/,
    );
    expect((await run('history')).stdout).toMatch(/^FROM +CALLS +IDS .*\n(\d+ (h|min).* ago .*\n)+/);
    expect((await run('queue', 'activity')).stdout).toMatch(
      /^LANE .*\ndefault +\d+ +- +.*upstream: simulated failure\nslow /,
    );
    expect((await run('queue')).stdout).toMatch(
      /lane {8}night\ngate {8}closed: the lane has its quiet hours/,
    );
    expect((await run('audit', '--action', 'reprioritize')).stdout).toMatch(
      /\n20\S+Z \((now|\d+ s ago)\) +reprioritize +- +127\.0\.0\.1 /,
    );
  });

  it('prints colours on a terminal, and none with NO_COLOR or in a pipe', async () => {
    const id = await submit('8');
    await run('status', id, '--watch');
    const shown = await onTerminal(['list', '--limit', '1'], service.url).ended;
    const plain = await onTerminal(['list', '--limit', '1'], service.url, { NO_COLOR: '1' }).ended;

    expect(shown.stdout).toContain('\u001b[31mfailed\u001b[39m');
    expect(plain.stdout).not.toContain('\u001b');
    expect((await run('list', '--limit', '1')).stdout).not.toContain('\u001b');
  });

  it('says while it watches what holds the list, and until when', async () => {
    await run('pause', '--lane', 'slow');
    expect((await run('queue')).stdout).toMatch(
      /lane {8}slow\ngate {8}paused since 20\S+Z \(.*\) by 127\.0\.0\.1\n/,
    );
    const id = await submit('9', '--lane', 'slow');
    const piped = inPipe(['status', id, '--watch'], service.url);
    const shown = onTerminal(['status', id, '--watch'], service.url);
    await Promise.all([
      piped.untilPrinted(/held since 20\S+Z \(.*\): paused/),
      shown.untilPrinted(/\| held since 20\S+Z \(.*\): paused/),
    ]);
    await run('resume', '--lane', 'slow');
    await waitFor(
      'the watch to say that the pause is over',
      () => Promise.resolve(piped.stdout.trimEnd().split('\n').at(-1) ?? ''),
      (line) => !line.includes('paused'),
    );
    await run('cancel', id);
    expect((await piped.ended).exitCode).toBe(1);
    expect((await shown.ended).exitCode).toBe(1);
  });
});
