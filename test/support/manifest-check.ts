import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Manifest } from './kubernetes.js';

const MODULES = join(import.meta.dirname, '../../node_modules');
const run = promisify(execFile);

type Model = new (manifest: Manifest) => { validate(): void };

/** @throws Error if the manifest does not fit the schema of its kind, or there is none. */
export async function validateManifest(manifest: Manifest): Promise<void> {
  const models = (await import(toModule(manifest))) as Readonly<Record<string, Model>>;
  const Kind = models[manifest.kind];
  if (Kind === undefined) {
    throw new Error(`${toModule(manifest)} exports no ${manifest.kind}`);
  }
  new Kind(manifest).validate();
}

/**
 * Compiles the manifests as values of their types, in an empty folder. The schemas allow any further field; for
 * TypeScript a misspelt one is an error. Resolves with what the compiler prints.
 */
export async function compileManifests(folder: string, manifests: readonly Manifest[]): Promise<string> {
  const lines = manifests.flatMap((manifest, i) => [
    `import type { I${manifest.kind} as Kind${String(i)} } from '${toModule(manifest)}';`,
    `export const manifest${String(i)}: Kind${String(i)} = ${JSON.stringify(manifest, null, 1)};`,
  ]);
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: true, module: 'nodenext', types: [] };
  symlinkSync(MODULES, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['manifests.ts'] }));
  writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
  return run(process.execPath, [join(MODULES, 'typescript/bin/tsc'), '-p', folder]).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  );
}

/** Returns the module that holds the schema and the type of a kind. */
function toModule({ apiVersion, kind }: Manifest): string {
  const isOfPrometheus = apiVersion.startsWith('monitoring.coreos.com/');
  const models = isOfPrometheus ? '@kubernetes-models/prometheus-operator' : 'kubernetes-models';
  return `${models}/${apiVersion}/${kind}`;
}
