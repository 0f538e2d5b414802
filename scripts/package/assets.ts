import { cpSync } from 'node:fs';
import { join } from 'node:path';

/** Folders and files that the service reads, by their paths in `dist/`. */
const ASSETS = ['storage/sqlite/migrations', 'storage/postgres/migrations', 'platform/openapi/pages', 'web'];

/** Files beside them that only the build reads. */
const NOT_SERVED = /\/(?:licenses\.json|\.inputs)$/;

export function copyAssets(dist: string, bundle: string): void {
  for (const asset of ASSETS) {
    cpSync(join(dist, asset), join(bundle, asset), {
      recursive: true,
      filter: (path) => !NOT_SERVED.test(path),
    });
  }
}
