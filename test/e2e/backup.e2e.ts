import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { useApps } from '../support/app.js';
import { useBuiltService } from '../support/built-service.js';
import { useCli } from '../support/cli.js';
import { TestClient } from '../support/client.js';
import { idRange } from '../support/lists.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

const FAST = { BATCH_DELAY: '0.01', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' };

describe('A backup', () => {
  const start = useBuiltService();
  const startApp = useApps();
  const newFolder = useTempFolders();
  const { inPipe } = useCli();

  const submit = (url: string, first: number): Promise<string> =>
    new TestClient(url).submit(idRange(first, 50), 'LOW');

  it('of a store that takes in and sends out holds what was answered before it, after a crash too', async () => {
    const backups = join(newFolder(), 'backups');
    const service = await start({ ...FAST, BACKUP_DIR: backups });
    const before: string[] = [];
    const after: string[] = [];
    for (let i = 0; i < 20; i += 1) {
      before.push(await submit(service.url, 1 + 100 * i));
    }
    const backup = inPipe(['backup', '--json'], service.url).ended;
    const over = new AbortController();
    void backup.then(() => {
      over.abort();
    });
    while (!over.signal.aborted) {
      after.push(await submit(service.url, 100_001 + 100 * after.length));
    }
    const { stdout, stderr, exitCode } = await backup;
    await service.kill();
    expect([exitCode, stderr]).toEqual([0, '']);
    const { file } = JSON.parse(stdout) as { file: string };
    const dataDir = newFolder();
    copyFileSync(join(backups, file), join(dataDir, 'sluice.sqlite'));
    const restored = await start({ ...FAST, DATA_DIR: dataDir, BATCH_DELAY: '0', BATCH_SIZE: '100' });

    expect(readdirSync(backups)).toEqual([file]);
    expect(after.length).toBeGreaterThan(0);
    const ended: string[] = [];
    for (const id of before) {
      let answer: { status?: string; progress?: { completed: number } } = {};
      do {
        answer = (await (
          await fetch(`${restored.url}/status/${id}?batches=none&wait=10`)
        ).json()) as typeof answer;
      } while (answer.status === 'triggered' || answer.status === 'yet_to_start');
      ended.push(`${String(answer.status)} ${String(answer.progress?.completed)}`);
    }
    expect(ended).toEqual(before.map(() => 'completed 50'));
  });

  it('is one at a time, and what was cut off is removed by the next', async () => {
    const backups = newFolder();
    writeFileSync(join(backups, '.sluice-2026.sqlite.tmp'), 'half');
    writeFileSync(join(backups, 'mine'), 'kept');
    const { request } = await startApp({ BACKUP_DIR: backups });
    const answers = await Promise.all([request.post('/backup'), request.post('/backup')]);

    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    expect(readdirSync(backups)).toEqual(['mine', expect.stringMatching(/^sluice-.+Z\.sqlite$/)]);
  });

  it('that cannot be written is 503 and leaves nothing; without a place for it, it is 501', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), '');
    for (const [backups, reason] of [
      [join(folder, 'file'), /could not be written: .*file is neither a folder/],
      ['/proc/nope', /could not be written: .*ENOENT/],
    ] as const) {
      const blocked = await startApp({ BACKUP_DIR: backups });
      const { body, status } = await blocked.request.post('/backup');
      expect([status, body.detail]).toEqual([503, expect.stringMatching(reason)]);
    }

    const { request } = await startApp();
    const { body: none } = await request.post('/backup').expect(501);
    expect(none.detail).toBe('BACKUP_DIR is not set: there is no place for a backup');
  });
});
