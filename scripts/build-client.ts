/**
 * Builds the package `@sluice/client` from `src/clients/typescript/` into `packages/client/dist/` or the folder that is
 * named: an ES module, a CommonJS module and their declarations. `npm pack` in `packages/client/` runs it.
 */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const ENTRY = join(ROOT, 'src/clients/typescript/index.ts');
const DIST = resolve(process.argv[2] ?? join(ROOT, 'packages/client/dist'));

rmSync(DIST, { recursive: true, force: true });
const esm = await build({
  input: ENTRY,
  platform: 'neutral',
  external: ['openapi-fetch'],
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  logLevel: 'warn',
  output: { dir: DIST, format: 'esm', entryFileNames: 'index.js', minify: true },
});
// Rolldown takes the default export of a CommonJS package as Node.js does where the importer is a file of an ES module
// package. The CommonJS module must take `exports.default`, so its source is in no package.
await build({
  input: 'index',
  platform: 'neutral',
  external: ['openapi-fetch'],
  plugins: [
    {
      name: 'source',
      resolveId: (id) => (id === 'index' ? '\0index' : null),
      load: () => esm.output[0].code,
    },
  ],
  logLevel: 'warn',
  output: { dir: DIST, format: 'cjs', entryFileNames: 'index.cjs', minify: true },
});
writeDeclarations();
copyFileSync(join(ROOT, 'LICENSE'), join(DIST, 'LICENSE'));
const parser = readFileSync(join(ROOT, 'node_modules/eventsource-parser/LICENSE'), 'utf8');
writeFileSync(
  join(DIST, 'THIRD-PARTY-NOTICES.txt'),
  `The files of this package contain eventsource-parser:\n\n${parser}`,
);

/**
 * Writes the declarations as CommonJS (`.d.cts`), which both kinds of modules can import, and `index.d.ts`, which
 * exports the same from the ES module.
 */
function writeDeclarations(): void {
  const declarations = emitDeclarations();
  const reachable = new Set(['index']);
  for (const name of reachable) {
    const text = declarations.get(name) ?? '';
    text.matchAll(/from '\.\/([\w-]+)\.js'/g).forEach(([, imported = '']) => reachable.add(imported));
    const declaration = text
      .replaceAll(/(from '\.\/[\w-]+)\.js'/g, "$1.cjs'")
      .replaceAll(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 4));
    writeFileSync(join(DIST, `${name}.d.cts`), declaration);
  }
  writeFileSync(join(DIST, 'index.d.ts'), "export * from './index.cjs';\n");
}

/** Returns the declarations of the client's files by their names. */
function emitDeclarations(): ReadonlyMap<string, string> {
  const { options } = ts.parseJsonConfigFileContent(
    { extends: './tsconfig.build.json', compilerOptions: { sourceMap: false, emitDeclarationOnly: true } },
    ts.sys,
    ROOT,
  );
  const declarations = new Map<string, string>();
  const program = ts.createProgram([ENTRY], options);
  const { diagnostics } = program.emit(undefined, (path, text) => {
    declarations.set(basename(path, '.d.ts'), text);
  });
  if (diagnostics.length > 0) {
    throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
  }
  return declarations;
}
