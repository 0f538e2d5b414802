import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { failToStart, useBuiltService } from '../support/built-service.js';
import { useTempFolders } from '../support/temp-folder.js';

const LONGEST_MS = 30_000;

describe('The service does not start, and says why in one line,', () => {
  const newFolder = useTempFolders();
  const start = useBuiltService();

  it.each([
    [{ BATCH_SIZE: '0' }, 'BATCH_SIZE must not be less than 1, not "0"'],
    [{ MAX_ATTEMPTS: '0' }, 'MAX_ATTEMPTS must not be less than 1, not "0"'],
    [{ RETRY_BASE: '61' }, 'RETRY_BASE (61) must not be greater than RETRY_MAX (60)'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of the following values: DEBUG, INFO, WARNING, ERROR'],
    [{ DATABASE_URL: 'mysql://user:secret@host/db' }, 'DATABASE_URL must match'],
  ])(
    'with %j',
    (variables, reason) => {
      const { exitCode, printed } = failToStart({ DATA_DIR: newFolder(), ...variables });
      expect(printed).toContain(`sluice cannot start: ${reason}`);
      expect(printed).not.toContain('secret');
      expect(printed.trimEnd().split('\n')).toHaveLength(1);
      expect(exitCode).toBe(78);
    },
    LONGEST_MS,
  );

  it(
    'where its folder cannot be made',
    () => {
      const file = join(newFolder(), 'file');
      writeFileSync(file, '');
      const { exitCode, printed } = failToStart({ DATA_DIR: join(file, 'data') });
      expect(printed).toContain('sluice cannot start: cannot open the store at');
      expect(exitCode).toBe(1);
    },
    LONGEST_MS,
  );

  it(
    'where nobody answers for PostgreSQL',
    () => {
      const { exitCode, printed } = failToStart({
        DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/nowhere',
        DATABASE_CONNECT_TIMEOUT: '0.2',
      });
      expect(printed).toContain('sluice cannot start: cannot use PostgreSQL at 127.0.0.1:1/nowhere');
      expect(printed).not.toContain('secret');
      expect(exitCode).toBe(1);
    },
    LONGEST_MS,
  );

  it(
    'where its port or its store is in use, and the one that uses it goes on',
    async () => {
      const dataDir = newFolder();
      const service = await start({ DATA_DIR: dataDir });
      const onPort = failToStart({ DATA_DIR: newFolder(), PORT: new URL(service.url).port });
      expect(onPort).toMatchObject({ exitCode: 1, printed: expect.stringContaining('EADDRINUSE') });
      const onStore = failToStart({ DATA_DIR: dataDir });
      expect(onStore).toMatchObject({
        exitCode: 1,
        printed: expect.stringContaining('is in use by another process'),
      });
      expect((await fetch(`${service.url}/health`)).status).toBe(200);
    },
    LONGEST_MS,
  );
});

describe('The service starts', () => {
  const start = useBuiltService();

  it(
    'where its folder does not exist yet, and stops with a signal',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-start-'));
      const service = await start({ DATA_DIR: join(folder, 'deeper', 'data') });
      expect((await fetch(`${service.url}/health`)).status).toBe(200);
      expect(await service.stop()).toBe(0);
    },
    LONGEST_MS,
  );
});
