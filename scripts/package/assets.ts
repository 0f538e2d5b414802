import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders and files that the service reads, by their paths in `dist/`. */
const ASSETS = ['storage/sqlite/migrations', 'storage/postgres/migrations', 'platform/openapi/pages', 'web'];

/** Files beside them that only the build reads. */
const NOT_SERVED = /\/(?:licenses\.json|\.inputs)$/;

/** The declarations of the client, by their paths in `dist/`. */
const CLIENT_TYPES = ['index', 'exact-json', 'sluice-client', 'schema'];

/** Packages whose declarations the client's name. */
const TYPE_PACKAGES = ['openapi-fetch', 'openapi-typescript-helpers'];

export function copyAssets(dist: string, bundle: string): void {
  for (const asset of ASSETS) {
    cpSync(join(dist, asset), join(bundle, asset), {
      recursive: true,
      filter: (path) => !NOT_SERVED.test(path),
    });
  }
}

/**
 * Copies the declarations of the client and of the packages that they import, so that no package is needed for them.
 * Returns the paths of those in packages.
 */
export function copyClientTypes(dist: string, bundle: string): string[] {
  const folder = join(bundle, 'types/client');
  mkdirSync(folder, { recursive: true });
  for (const name of CLIENT_TYPES) {
    copyDeclaration(join(dist, `clients/typescript/${name}.d.ts`), join(folder, `${name}.d.ts`));
  }
  return TYPE_PACKAGES.map((name) => {
    const source = fileURLToPath(import.meta.resolve(name)).replace(/\.mjs$/, '.d.mts');
    copyDeclaration(source, join(folder, `${name}.d.ts`));
    return source;
  });
}

function copyDeclaration(source: string, target: string): void {
  const text = TYPE_PACKAGES.reduce(
    (declaration, name) => declaration.replaceAll(`from '${name}'`, `from './${name}.js'`),
    readFileSync(source, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''),
  );
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
