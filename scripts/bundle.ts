/**
 * Builds what the npm package holds: `dist/` and its dependencies as a few files in `bundle/`, with the files that
 * they read, the declarations of the public entries, the notices of third parties and a bill of materials.
 */
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { copyAssets } from './package/assets.ts';
import { breakLines } from './package/break-lines.ts';
import { bundleTypes } from './package/bundle-types.ts';
import { findComponents } from './package/components.ts';
import { keepModulePaths } from './package/module-paths.ts';
import { writeNotices } from './package/notices.ts';
import { cutRequires } from './package/cut-requires.ts';
import { escapeNonAscii } from './package/escape-non-ascii.ts';
import { writeSbom } from './package/sbom.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DIST = `${ROOT}dist/`;
const BUNDLE = `${ROOT}bundle/`;

/** The entries by the path of the file that each becomes. */
const ENTRIES = {
  sluice: `${DIST}commands/sluice.command.js`,
  main: `${DIST}main.js`,
  index: `${DIST}index.js`,
  testing: `${DIST}testing.js`,
  client: `${DIST}clients/typescript/index.js`,
  'external-api/http/response-parser.worker': `${DIST}external-api/http/response-parser.worker.js`,
};

const TYPES = {
  index: `${DIST}index.d.ts`,
  testing: `${DIST}testing.d.ts`,
  client: `${DIST}clients/typescript/index.d.ts`,
};

/** Packages that Nest, its adapters and pg load only if they are installed. Sluice uses none of them. */
const ABSENT = ['@nestjs/microservices', '@nestjs/websockets', '@fastify/static', 'file-type', 'pg-native'];

/** The modules for the application that embeds Sluice use its Nest; the service inside has the Nest of the bundle. */
const FOR_HOST = `${DIST}embedding/nest/`;

const isOfHost = (id: string): boolean => /^(?:@nestjs\/(?:common|core)|rxjs)(?:\/|$)/.test(id);

rmSync(BUNDLE, { recursive: true, force: true });
const modulePaths = keepModulePaths(DIST, BUNDLE);
const { output } = await build({
  input: ENTRIES,
  cwd: ROOT,
  platform: 'node',
  external: (id, importer) =>
    ABSENT.some((name) => id === name || id.startsWith(`${name}/`)) ||
    (importer?.startsWith(FOR_HOST) === true && isOfHost(id)),
  plugins: [modulePaths.plugin, cutRequires(), breakLines(), escapeNonAscii()],
  logLevel: 'warn',
  output: {
    dir: BUNDLE,
    format: 'esm',
    entryFileNames: '[name].js',
    // Beside the entries, so that each file finds the assets at the same place.
    chunkFileNames: '[name]-[hash].js',
    // Modules run in the order of their imports, such as reflect-metadata before what is decorated.
    strictExecutionOrder: true,
    minify: true,
    // Without names, the schemas of the OpenAPI document would have other ones.
    keepNames: true,
    comments: false,
  },
});
// npx links the command in this folder once: it must be executable after each build.
chmodSync(`${BUNDLE}sluice.js`, 0o755);
copyAssets(DIST, BUNDLE);
const declarations = await bundleTypes(TYPES, isOfHost, `${BUNDLE}types`);
const components = findComponents({
  root: ROOT,
  modules: output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])),
  copied: new Set([...modulePaths.copied, ...declarations]),
  web: `${DIST}web/licenses.json`,
});
writeNotices(components, `${BUNDLE}THIRD-PARTY-NOTICES.txt`);
writeSbom(components, ROOT, `${BUNDLE}sbom.cdx.json`);
