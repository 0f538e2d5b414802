import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { useCli } from '../support/cli.js';
import { usePostgres } from '../support/postgres-stores.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { useTempFolders } from '../support/temp-folder.js';

jest.setTimeout(60_000);

const PACE = { BATCH_DELAY: '0.2', BATCH_SIZE: '1', MOCK_DELAY_MIN: '0', MOCK_DELAY_MAX: '0' };

describe('sluice submit --watch', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();
  const postgres = usePostgres();
  const { inPipe } = useCli();
  let proxy: TcpProxy | undefined;
  afterEach(async () => {
    await proxy?.close();
  });

  it.each([
    ['a restart of the service', () => ({ DATA_DIR: newFolder() })],
    [
      'the end of a replica, on another one',
      () => ({ DATABASE_URL: postgres.url, DATABASE_SCHEMA: postgres.newSchema() }),
    ],
  ])('goes on over %s, to the end of the list', async (_, storeOf) => {
    const store = storeOf();
    const first = await start({ ...PACE, ...store });
    proxy = await TcpProxy.before(first.url);
    const path = join(newFolder(), 'ids.txt');
    writeFileSync(path, '1 2 3 4 5 6 7 8');
    const cli = inPipe(['submit', path, '-p', 'LOW', '-w'], proxy.through(first.url));
    await cli.untilPrinted(/ triggered [1-7]\/8/);
    await first.kill();
    const second = await start({ ...PACE, ...store });
    proxy.leadTo(second.url);
    const { exitCode, stdout, stderr } = await cli.ended;

    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/ completed 8\/8 \(100 %\)/);
  });
});
