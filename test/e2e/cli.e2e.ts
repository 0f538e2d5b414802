import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, jest } from '@jest/globals';
import { parseExact } from '../../src/clients/typescript/index.js';
import { useBuiltService, useSharedService } from '../support/built-service.js';
import { useCli, type CliRun } from '../support/cli.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

jest.setTimeout(60_000);

const FAST = { BATCH_DELAY: '0', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' };
const FAILING = { ...FAST, MOCK_ERROR_RATE: '1', MAX_ATTEMPTS: '1' };
const LARGEST = '10000000000000000007';
const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

describe('sluice', () => {
  const start = useBuiltService();
  /** A service for the tests that look at their own lists only. */
  const fast = useSharedService(() => FAST);
  const { inPipe, inShell, onTerminal } = useCli();
  const newFolder = useTempFolders();

  const run = (url: string, ...args: string[]): Promise<CliRun> => inPipe(args, url).ended;

  function file(name: string, content: string | Uint8Array): string {
    const path = join(newFolder(), name);
    writeFileSync(path, content);
    return path;
  }

  /** Parses the one line of JSON in the output. */
  function read({ stdout }: CliRun): Record<string, unknown> {
    return parseExact(stdout) as Record<string, unknown>;
  }

  async function idsOf(url: string, ingestionId: unknown): Promise<unknown> {
    const status = await fetch(`${url}/status/${String(ingestionId)}`);
    const { batches } = parseExact(await status.text()) as { batches: { ids: bigint[] }[] };
    return batches.flatMap(({ ids }) => ids);
  }

  it('submits ids of a file, however separated, exactly, and follows them in lines', async () => {
    const { url } = fast;
    const path = file('ids.txt', `1, 2;3\r\n4\t9007199254740993\n\n${LARGEST}\n`);
    const { exitCode, stdout, stderr } = await run(url, 'submit', path, '--priority', 'HIGH', '--watch');
    const [id, ...lines] = stdout.trimEnd().split('\n');

    expect([exitCode, stderr]).toEqual([0, '']);
    expect(id).toMatch(UUID);
    expect(lines.at(-1)).toBe(`${String(id)} HIGH completed 6/6 (100 %), 0 in flight or retrying, 0 failed`);
    expect(stdout).not.toContain('\u001b');
    expect(await idsOf(url, id)).toEqual([1n, 2n, 3n, 4n, 9007199254740993n, BigInt(LARGEST)]);
  });

  it('shows a bar on a terminal, and gives the cursor back', async () => {
    const { url } = fast;
    const path = file('ids.txt', '1 2 3 4 5');
    const { exitCode, stdout } = await onTerminal(['submit', path, '-p', 'LOW', '-w'], url).ended;

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/completed +█+ 100 % \| 5\/5 ids \| 0 failed \| ETA/);
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'));
  });

  it.each([
    ['piped text', '-', '5,6\n7 8', [5n, 6n, 7n, 8n], []],
    ['a file as a stream', 'ids.txt', '5 6\n7', [5n, 6n, 7n], ['--stream']],
    ['CSV', 'ids.csv', 'name,id\nada,5\nbob,6\n', [5n, 6n], ['--column', 'id']],
    ['NDJSON', 'ids.ndjson', '5\n{"id":6}\n', [5n, 6n], []],
    ['packed text', 'ids.txt.gz', gzipSync(`5\n${LARGEST}\n`), [5n, BigInt(LARGEST)], []],
  ] as const)('streams %s', async (_what, name, content, ids, options) => {
    const { url } = fast;
    const args = ['submit', name === '-' ? '-' : file(name, content), '-p', 'LOW', '--json', ...options];
    const cli = inPipe(args, url);
    cli.child.stdin.end(name === '-' ? content : '');
    const ended = await cli.ended;

    expect([ended.exitCode, ended.stderr]).toEqual([0, '']);
    expect(read(ended)['total']).toBe(ids.length);
    expect(await idsOf(url, read(ended)['ingestion_id'])).toEqual(ids);
  });

  it('submits once under one key', async () => {
    const { url } = fast;
    const args = ['submit', file('ids.txt', '1'), '-p', 'LOW', '--json', '--idempotency-key', 'a'];
    const [first, second] = [await run(url, ...args), await run(url, ...args)];
    expect(read(first)).toEqual(read(second));
  });

  it('submits to a lane, tells what waits in each, and opens one', async () => {
    const lanes = file('lanes.yaml', 'lanes:\n  mail:\n    batch_size: 2\n    batch_delay: 60\n');
    const { url } = await start({ ...FAST, LANES_FILE: lanes });
    await run(url, 'pause');
    await run(url, 'submit', file('ids.txt', '1 2'), '-p', 'LOW', '--lane', 'mail');
    await run(url, 'submit', file('ids.txt', '3'), '-p', 'LOW', '--lane', 'mail', '--stream');
    const { stdout } = await run(url, 'queue');

    const gate = /lane {8}(\w+)\ngate {8}paused since 20.*\npace {8}(\d) ids .*\npending {5}(\d) ids/;
    expect(stdout.split('\n\n').map((text) => gate.exec(text)?.slice(1))).toEqual([
      ['default', '3', '0'],
      ['mail', '2', '3'],
    ]);
    expect((await run(url, 'resume', '--lane', 'default')).stdout).toMatch(
      /default\ngate {8}open[^]*mail\ngate {8}paused/,
    );
  });

  it('gives a list labels, in one request and as a stream, and finds lists by them', async () => {
    const { url } = fast;
    const path = file('ids.txt', '1 2 3');
    const labels = ['--label', 'shop=a', '--label', 'job=x=y'];
    const one = await run(url, 'submit', path, '-p', 'HIGH', ...labels);
    const streamed = await run(url, 'submit', path, '-p', 'LOW', '-s', ...labels);
    await run(url, 'submit', path, '-p', 'HIGH', '--label', 'shop=a');
    const { ingestions } = read(await run(url, 'list', '--json', '--label', 'job=x=y', '--label', 'shop=a'));

    expect(ingestions).toMatchObject([
      { ingestion_id: streamed.stdout.trim(), labels: { shop: 'a', job: 'x=y' } },
      { ingestion_id: one.stdout.trim(), labels: { shop: 'a', job: 'x=y' } },
    ]);
    for (const wrong of [['shop'], ['shop='], ['shop=a', '--label', 'shop=b']]) {
      expect((await run(url, 'list', '--label', ...wrong)).exitCode).toBe(2);
    }
  });

  it('names the limit that holds a lane and a list, and until when', async () => {
    const { url } = await start({ ...FAST, LIMITS: '[{ ids: 2, per: 600 }]' });
    const path = file('ids.txt', '1 2 3 4 5');
    const { ingestion_id: id } = read(await run(url, 'submit', path, '-p', 'MEDIUM', '--json'));
    await waitFor(
      'the limit to be used up',
      () => run(url, 'queue'),
      ({ stdout }) => stdout.includes('in flight   0'),
    );
    const queue = await run(url, 'queue');
    const status = await run(url, 'status', String(id));

    expect(queue.stdout).toMatch(
      /^gate {8}closed: the limit of 2 ids per 600 s is used up, for (9 min \d+ s|10 min) more\npace {8}2 ids per 600 s; /,
    );
    expect(status.stdout).toMatch(
      /2\/5 \(40 %\), .*, done in \d+ min.* \(20\S+Z\), held until 20\S+Z \(in .* (min|s)\): the limit of 2 ids per 600 s is used up\n$/,
    );
  });

  it('submits a list for later, in one request and as a stream', async () => {
    const { url } = fast;
    const path = file('ids.txt', '1 2 3');
    const at = '2036-11-24T10:00:00.000Z';
    const one = await run(url, 'submit', path, '-p', 'HIGH', '--not-before', at);
    const streamed = await run(url, 'submit', path, '-p', 'LOW', '-s', '--not-before', '3600');
    const statusOf = async ({ stdout }: CliRun) => read(await run(url, 'status', '--json', stdout.trim()));

    expect(await statusOf(one)).toMatchObject({ status: 'yet_to_start', not_before: at });
    expect(await statusOf(streamed)).toMatchObject({ status: 'yet_to_start' });
    expect((await run(url, 'submit', path, '-p', 'LOW', '--not-before', 'soon')).exitCode).not.toBe(0);
  });

  it('lists, pauses, resumes and redrives', async () => {
    const { url } = await start(FAILING);
    const path = file('ids.txt', '1 2');
    const paused = await run(url, 'pause', '--json');
    const { ingestion_id: id } = read(await run(url, 'submit', path, '-p', 'MEDIUM', '--json'));
    const queue = await run(url, 'queue');
    const waiting = await run(url, 'status', String(id));
    const resumed = await run(url, 'resume');
    const failed = await run(url, 'status', String(id), '--watch', '--json');
    const redriven = await run(url, 'redrive', String(id));
    const again = await run(url, 'status', String(id), '-w');
    const listed = await run(url, 'list', '--status', 'failed', '--json');
    const table = await run(url, 'list', '--limit', '1');

    expect(read(paused)).toMatchObject({ paused: true });
    expect(queue.stdout).toMatch(
      /^gate {8}paused since 20.*\n.*\npending {5}2 ids \(0 HIGH, 2 MEDIUM, 0 LOW\)\n/,
    );
    expect([waiting.exitCode, waiting.stdout.replace(/\((now|\d+ s ago)\)/, '(AGE)')]).toEqual([
      0,
      `${String(id)} MEDIUM yet_to_start 0/2 (0 %), 0 in flight or retrying, 0 failed, held since ${String(read(paused)['paused_at'])} (AGE): paused\n`,
    ]);
    expect(resumed.stdout).toContain('gate        open');
    expect(failed.exitCode).toBe(1);
    expect(JSON.parse(failed.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      ingestion_id: id,
      status: 'failed',
      progress: { total: 2, failed: 2, percent: 100 },
    });
    expect(redriven.stdout).toBe('2 ids redriven\n');
    expect(again.exitCode).toBe(1);
    expect(read(listed)).toMatchObject({ ingestions: [{ ingestion_id: id, status: 'failed' }], next: null });
    expect(table.stdout).toMatch(
      new RegExp(`^INGESTION .*\\n${String(id)} +MEDIUM +failed +2 +2 +2 +(now|\\d+ s ago) +default +-\n`),
    );
    const recent = await run(url, 'list', '--since', '1h', '--priority', 'medium', '--json');
    expect(read(recent)).toMatchObject({ ingestions: [{ ingestion_id: id }] });
  });

  it('cancels, tells what was cancelled, and when the rest will be done', async () => {
    const { url } = await start({ ...FAST, BATCH_DELAY: '3600' });
    const path = file('ids.txt', '1 2 3 4 5');
    const { ingestion_id: id } = read(await run(url, 'submit', path, '-p', 'LOW', '--json'));
    const before = await run(url, 'status', String(id));
    const bar = onTerminal(['status', String(id), '-w'], url);
    await bar.untilPrinted(/ETA/);
    const cancelled = await run(url, 'cancel', String(id));
    const after = await run(url, 'status', String(id));
    const watched = await bar.ended;

    expect(before.stdout).toMatch(/^\S+ LOW triggered .*, 0 failed, done in (59 min|1 h) \(20\S+Z\)\n$/);
    expect([cancelled.exitCode, cancelled.stderr]).toEqual([0, '']);
    expect(cancelled.stdout).toMatch(/ 0 failed, 2 cancelled/);
    expect([after.exitCode, after.stdout]).toEqual([
      1,
      `${String(id)} LOW cancelled 5/5 (100 %), 0 in flight or retrying, 0 failed, 2 cancelled\n`,
    ]);
    expect(watched.stdout).toMatch(/ETA (1h|59m)/);
    expect(watched.stdout).toMatch(/cancelled +█+ 100 % \| 5\/5 ids \| 0 failed \| 2 cancelled \| ETA 0s/);
    expect(watched.exitCode).toBe(1);
  });

  it('ends with 130 when it is interrupted, in a pipe and on a terminal, and the list goes on', async () => {
    const { url } = await start({ ...FAST, BATCH_DELAY: '3600' });
    const path = file('ids.txt', '1 2 3 4');
    const piped = inPipe(['submit', path, '-p', 'LOW', '-w'], url);
    await piped.untilPrinted(/triggered/);
    piped.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await piped.ended;
    const id = stdout.slice(0, 36);
    const terminal = onTerminal(['status', id, '-w'], url);
    await terminal.untilPrinted(/triggered/);
    terminal.child.stdin.write('\u0003');
    const shown = await terminal.ended;

    expect([exitCode, stderr]).toEqual([130, 'interrupted; accepted lists are still processed\n']);
    expect(shown.exitCode).toBe(130);
    expect(shown.stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(shown.stdout.lastIndexOf('\u001b[?25l'));
    expect((await run(url, 'status', id)).stdout).toContain('triggered');
  });

  it('says in one line what went wrong, and in its exit code of what kind it was', async () => {
    const { url } = fast;
    const nobody = 'http://127.0.0.1:9';
    const bad = file('bad.txt', '1 2 x');
    for (const [args, exitCode, message, at] of [
      [['status', 'nope'], 3, 'sluice: unknown ingestion_id', url],
      [['status', 'nope', '--watch'], 3, 'sluice: unknown ingestion_id', url],
      [['redrive', 'nope'], 3, 'sluice: unknown ingestion_id', url],
      [['cancel', 'nope'], 3, 'sluice: unknown ingestion_id', url],
      [['submit', file('none.txt', ' \n'), '-p', 'LOW'], 2, 'none.txt contains no ids', url],
      [['submit', bad, '-p', 'LOW'], 2, 'bad.txt: entry 3 is not an id: x', url],
      [['submit', bad, '-p', 'LOW', '--stream'], 2, 'sluice: line 3', url],
      [['submit', file('zero.txt', '0'), '-p', 'LOW'], 2, 'sluice: ids[0] must be', url],
      [['submit', '/no/such/file', '-p', 'LOW'], 2, 'sluice: cannot read /no/such/file', url],
      [['submit', bad], 2, "required option '-p, --priority", url],
      [['submit', bad, '-p', 'urgent'], 2, 'Allowed choices are HIGH, MEDIUM, LOW', url],
      [['list', '--limit', '0'], 2, 'must be a number from 1 to 1000', url],
      [['list', '--status', 'done'], 2, 'sluice: status must be one of', url],
      [['fly'], 2, "unknown command 'fly'", url],
      [['queue'], 4, `sluice: no answer from ${nobody}: `, nobody],
      [['queue'], 2, 'SLUICE_URL is not an http', 'nonsense'],
    ] as const) {
      const ended = await run(at, ...args);
      expect([args, ended.exitCode, ended.stdout]).toEqual([args, exitCode, '']);
      expect(ended.stderr).toContain(message);
      expect(
        ended.stderr
          .trimEnd()
          .split('\n')
          .filter((line) => !line.startsWith('(')),
      ).toHaveLength(1);
    }
    expect(await run(url, '--help')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('fails where its output cannot be written, and ends well where nobody reads on', async () => {
    expect(await inShell('sluice --help > /dev/full', '').ended).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'sluice: cannot write the output: ENOSPC: no space left on device, write\n',
    });
    for (const command of ['--help', 'serve --print-config']) {
      const unread = await inShell(`{ sleep 0.2; sluice ${command}; echo $? >&2; } | true`, '').ended;
      expect(unread).toEqual({ exitCode: 0, stdout: '', stderr: '0\n' });
    }
  });

  it('shows the secret of a client that signs webhooks, and no secret that is not its own', async () => {
    const [old, current] = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`);
    const secretsOf = (args: readonly string[], environment: Record<string, string>): Promise<CliRun> =>
      inPipe(['webhooks', 'secret', ...args], '', environment).ended;
    const rotating = { WEBHOOK_MASTER_SECRET: `${String(current)} ${String(old)}` };
    const before = await secretsOf(['--client', 'billing'], { WEBHOOK_MASTER_SECRET: String(old) });
    const after = await secretsOf(['--client', 'billing'], rotating);
    const all = await secretsOf(['--client', 'billing', '--all'], rotating);
    const other = await secretsOf(['--without-client'], rotating);
    expect(after.stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/);
    expect(all.stdout).toBe(after.stdout + before.stdout);
    expect(new Set([before.stdout, after.stdout, other.stdout]).size).toBe(3);
    const refused = [
      await secretsOf(['--client', 'billing'], { WEBHOOK_SECRET: String(old) }),
      await secretsOf([], rotating),
      await secretsOf(['--client', 'a b'], rotating),
    ];
    expect(refused.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(Array(3).fill([2, '']));
    expect(refused[0]?.stderr).toContain('WEBHOOK_MASTER_SECRET is not set');
  });

  it('deletes a list that has ended, and refuses one that has not', async () => {
    const { url } = await start({ ...FAST, BATCH_DELAY: '3600' });
    const submit = async (ids: string): Promise<string> =>
      (await run(url, 'submit', file('ids.txt', ids), '--priority', 'HIGH')).stdout.trim();
    const ended = await submit('1 2 3');
    expect((await run(url, 'status', ended, '--watch')).exitCode).toBe(0);
    const pending = await submit('4');

    expect(await run(url, 'delete', ended)).toEqual({
      exitCode: 0,
      stdout: `${ended} deleted\n`,
      stderr: '',
    });
    expect(await run(url, 'status', ended)).toMatchObject({ exitCode: 3 });
    expect(await run(url, 'delete', ended)).toMatchObject({ exitCode: 3, stdout: '' });
    expect(await run(url, 'delete', pending)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('the ingestion has not ended: cancel it'),
    });
    await run(url, 'cancel', pending);
    expect(read(await run(url, 'delete', pending, '--json'))).toEqual({ deleted: pending });
  });

  it('makes, lists and revokes keys in a file, without a service', async () => {
    const path = join(newFolder(), 'keys.yaml');
    const keys = (...args: string[]): Promise<CliRun> => run('', 'keys', ...args, '--file', path);
    const missing = [await keys('list'), await keys('revoke', '0123456789abcdef')];
    const { stdout: key } = await keys('create', '--client', 'billing', '--scopes', 'read');
    const { stdout: listed } = await keys('list');
    const [id = ''] = listed.split('\t');
    const { exitCode } = await keys('revoke', id);
    const again = await keys('revoke', id);
    writeFileSync(path, 'keys: [');
    const broken = await keys('list');

    for (const { exitCode: code, stderr } of missing) {
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining(`error: ${path} cannot be used: it does not exist\n`),
      ]);
    }
    expect(key).toMatch(new RegExp(`^sluice_${id}_[\\w-]{43}\n$`));
    expect(listed).toMatch(/^[0-9a-f]{16}\tbilling\tread\t20/);
    expect([exitCode, again.exitCode, broken.exitCode]).toEqual([0, 2, 2]);
    expect(again.stderr).toContain(`no key in ${path} has the id ${id}`);
    expect(broken.stderr).toContain('cannot be used: it is neither YAML nor JSON');
  });
});
