import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const REPOSITORY = new URL('../../', import.meta.url).href;

/**
 * Loads the TypeScript sources below these folders of the repository directly, so that a process needs no build. `edit` may
 * change the text of a source, which it gets with its path in the repository.
 */
export function loadTypescript(
  folders: readonly string[],
  edit: (text: string, path: string) => string = (text) => text,
): void {
  const sources = folders.map((folder) => `${REPOSITORY}${folder}/`);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL !== undefined) {
        const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
        if (existsSync(source)) {
          return { url: source.href, format: 'module', shortCircuit: true };
        }
      }
      return nextResolve(specifier, context);
    },
    load(url, context, nextLoad) {
      if (!sources.some((folder) => url.startsWith(folder)) || !url.endsWith('.ts')) {
        return nextLoad(url, context);
      }
      const text = edit(readFileSync(fileURLToPath(url), 'utf8'), url.slice(REPOSITORY.length));
      const { code } = transformSync(text, {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2023',
        },
        module: { type: 'es6' },
      });
      return { format: 'module', source: code, shortCircuit: true };
    },
  });
}
