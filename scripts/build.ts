/**
 * Builds the service (`dist/`), the dashboard (`dist/web/`) and the package (`bundle/`). A step whose inputs are those
 * of its last run is left out.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

interface Step {
  /** The folder that the step writes; the hash of its inputs is kept there. */
  readonly output: string;
  /** Patterns of the files that the step reads. */
  readonly inputs: readonly string[];
  readonly commands: readonly (readonly [string, ...string[]])[];
}

const PACKAGES = ['package.json', 'package-lock.json'];

/** In the order in which they run. The first deletes the output of all others. */
const STEPS: readonly Step[] = [
  {
    output: 'dist',
    inputs: [...PACKAGES, 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json', 'src/**'],
    commands: [['nest', 'build']],
  },
  {
    output: 'dist/web',
    inputs: [...PACKAGES, 'web/**', 'src/clients/typescript/**', 'src/domain/**'],
    commands: [['vite', 'build', '--logLevel', 'error', '--config', 'web/vite.config.ts', 'web']],
  },
  {
    output: 'bundle',
    inputs: ['dist/.inputs', 'dist/web/.inputs', 'scripts/bundle.ts', 'scripts/package/**'],
    commands: [[process.execPath, 'scripts/bundle.ts']],
  },
];

for (const { output, inputs, commands } of STEPS) {
  const stamp = join(ROOT, output, '.inputs');
  const hash = hashFiles(inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) {
    continue;
  }
  rmSync(stamp, { force: true });
  for (const [program, ...args] of commands) {
    const { status } = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) {
      process.exit(status ?? 1);
    }
  }
  writeFileSync(stamp, hash);
}

/** Returns a hash of the names and the content of all files that match, and of the version of Node.js. */
function hashFiles(patterns: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const path of globSync(patterns, { cwd: ROOT, exclude: ['**/*.spec.ts'] }).toSorted()) {
    if (statSync(join(ROOT, path)).isFile()) {
      hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
    }
  }
  return hash.digest('hex');
}
