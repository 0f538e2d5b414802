import { rmSync } from 'node:fs';
import { afterAll } from '@jest/globals';
import { makeFolder } from './make-folder.js';

/** Makes folders that are removed after the tests: Jest runs the hooks that close their stores after an earlier afterEach. */
export function useTempFolders(): () => string {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return () => {
    const folder = makeFolder();
    folders.push(folder);
    return folder;
  };
}
