import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** Makes folders that are removed after the tests: Jest runs the hooks that close their stores after an earlier afterEach. */
export function useTempFolders(): () => string {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-spec-'));
    folders.push(folder);
    return folder;
  };
}
