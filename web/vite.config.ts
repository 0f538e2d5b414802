import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { compressed } from './vite/compressed.js';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string;
};

/** Builds the dashboard. Its URLs are relative, so that it works under any prefix. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  define: { __SLUICE_VERSION__: JSON.stringify(version) },
  oxc: { jsx: { runtime: 'automatic' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // one file for the libraries of the first load: many small files compress worse
        codeSplitting: {
          groups: [
            {
              name: 'base',
              test: /node_modules[\\/](react|react-dom|scheduler|openapi-fetch|@tanstack[\\/](?!react-virtual|virtual-core))/,
            },
          ],
        },
      },
    },
    license: { fileName: 'licenses.json' }, // for the notices of the package; it is not served
  },
  plugins: [compressed()],
  server: {
    proxy: Object.fromEntries(
      [
        'ingest',
        'ingestions',
        'status',
        'queue',
        'events',
        'history',
        'dispatches',
        'dead-letters',
        'health',
        'openapi.json',
        'whoami',
        'lanes',
        'audit',
        'webhook-deliveries',
      ].map((path) => [`/${path}`, process.env.SLUICE_URL ?? 'http://127.0.0.1:8000']),
    ),
  },
});
