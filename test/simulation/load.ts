/**
 * Loads the sources for a simulation (`node --import`), without a build. With `SIMULATION_PLANTED` it plants one of the
 * bugs of `planted-bugs.ts` in the source that the bug names.
 */
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { plantBug, PLANTED_BUGS } from './planted-bugs.ts';

const REPOSITORY = new URL('../../', import.meta.url).href;
const SOURCES = [`${REPOSITORY}src/`, `${REPOSITORY}test/`];
const planted = PLANTED_BUGS.find(({ name }) => name === process.env['SIMULATION_PLANTED']);

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
    if (!SOURCES.some((folder) => url.startsWith(folder)) || !url.endsWith('.ts')) {
      return nextLoad(url, context);
    }
    const text = readFileSync(fileURLToPath(url), 'utf8');
    const isPlanted = planted !== undefined && url === `${REPOSITORY}${planted.file}`;
    const { code } = transformSync(isPlanted ? plantBug(text, planted) : text, {
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
