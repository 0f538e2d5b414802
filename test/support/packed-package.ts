import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface PackedPackage {
  readonly filename: string;
  /** Bytes of the tarball. */
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Runs npm without the network, with a cache of its own. Returns its standard output. */
export function runNpm(cache: string, folder: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_config_cache: cache },
  });
  if (status !== 0) {
    throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  }
  return stdout;
}

/**
 * Packs the package into a folder.
 * @throws Error if it is not built.
 */
export function packPackage(cache: string, folder: string): PackedPackage {
  if (!existsSync(join(ROOT, 'bundle/sluice.js'))) {
    throw new Error('the package is not built: run `npm run build` first');
  }
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [packed] = JSON.parse(runNpm(cache, ROOT, ...args)) as readonly PackedPackage[];
  if (packed === undefined) {
    throw new Error('npm packed nothing');
  }
  return packed;
}
