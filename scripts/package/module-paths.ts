import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

const URLS = /\bimport\.meta\.(?:url\b|resolve\(\s*['"]([^'"]+)['"]\s*\))/g;
const RESOLVE = /\bimport\.meta\.resolve\b/;

interface ModulePaths {
  readonly plugin: Plugin;
  /** The paths of the copied files, in `node_modules`. */
  readonly copied: ReadonlySet<string>;
}

/**
 * Keeps the URLs of own modules as they are in `dist`, although their code moves to other files: a module that
 * reads `../migrations/` still finds it. Files of packages, which modules name by `import.meta.resolve('…')`, are
 * copied to `vendor/`.
 */
export function keepModulePaths(dist: string, bundle: string): ModulePaths {
  const copied = new Set<string>();
  /** Copies a file of a package. Returns its path in the bundle. */
  const copyFile = (file: string): string => {
    const source = fileURLToPath(import.meta.resolve(file));
    const target = `vendor/${file}`;
    mkdirSync(dirname(join(bundle, target)), { recursive: true });
    copyFileSync(source, join(bundle, target));
    copied.add(source);
    return target;
  };
  const transform = (code: string, id: string): { code: string; map: null } | null => {
    if (!id.startsWith(dist) || !code.includes('import.meta')) {
      return null;
    }
    const path = relative(dist, id).split(sep).join('/');
    const moved = code.replaceAll(URLS, (_whole, file?: string) =>
      urlOf(file === undefined ? path : copyFile(file)),
    );
    if (RESOLVE.test(moved)) {
      throw new Error(`${path}: import.meta.resolve takes a literal, so that the file can be copied`);
    }
    return { code: moved, map: null };
  };
  return { plugin: { name: 'module-paths', transform }, copied };
}

/** Returns an expression: the URL of a path in the bundle. All chunks are in its top folder. */
function urlOf(path: string): string {
  return `new URL('./${path}', import.meta.url).href`;
}
