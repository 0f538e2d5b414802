import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MIGRATIONS = 'src/storage/postgres/migrations';
const LOCK = 'package-lock.json';

/** Names the folder of the earlier build: a built release, or the one that {@link prepareEarlierBuild} has made. */
const FOLDER_VARIABLE = 'SLUICE_EARLIER';
/** Holds the reason for which there is none. */
const REASON_VARIABLE = 'SLUICE_NO_EARLIER';

/** Returns why there is no earlier build; null if there is one. */
export function whyNoEarlierBuild(): string | null {
  return earlierFolder() === '' ? (process.env[REASON_VARIABLE] ?? 'it was not built') : null;
}

/** The program of the earlier release. */
export function earlierMain(): string {
  return join(earlierFolder(), 'bundle/main.js');
}

/**
 * Builds the release before, unless SLUICE_EARLIER names the folder of a built one. It is the last commit whose PostgreSQL
 * schema is older than that of this tree. Call it before the network is cut off: other dependencies must be installed.
 */
export function prepareEarlierBuild(): void {
  if (earlierFolder() !== '') {
    return;
  }
  const commit = findEarlierCommit();
  if ('reason' in commit) {
    process.env[REASON_VARIABLE] = commit.reason;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'sluice-earlier-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  build(commit.id, folder);
  process.env[FOLDER_VARIABLE] = folder;
}

function earlierFolder(): string {
  return process.env[FOLDER_VARIABLE] ?? '';
}

/** Returns the commit before the one that added the newest migration, or the reason for which it cannot be found. */
function findEarlierCommit(): { readonly id: string } | { readonly reason: string } {
  const shallow = spawnSync('git', ['rev-parse', '--is-shallow-repository'], { cwd: ROOT, encoding: 'utf8' });
  if (shallow.status !== 0) {
    return { reason: 'the release before is built from the history, and this is no clone with git' };
  }
  if (shallow.stdout.trim() === 'true') {
    return {
      reason: 'the release before is built from the history, which is shallow here (git fetch --unshallow)',
    };
  }
  const newest =
    readdirSync(join(ROOT, MIGRATIONS))
      .filter((name) => name.endsWith('.sql'))
      .sort()
      .at(-1) ?? '';
  const added = git(
    'log',
    '--diff-filter=A',
    '--no-renames',
    '--format=%H',
    '-1',
    '--',
    join(MIGRATIONS, newest),
  );
  return added === ''
    ? { reason: `the newest migration, ${newest}, is not committed yet` }
    : { id: git('rev-parse', `${added}~1`) };
}

function build(commit: string, folder: string): void {
  console.log(`the release before is ${git('log', '-1', '--format=%h of %cs, %s', commit)}`);
  const archive = join(folder, 'source.tar');
  git('archive', `--output=${archive}`, commit);
  run(folder, 'tar', '-xf', archive);
  if (readFileSync(join(folder, LOCK), 'utf8') === readFileSync(join(ROOT, LOCK), 'utf8')) {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  } else {
    run(folder, 'npm', 'ci', '--no-audit', '--no-fund');
  }
  run(folder, 'npm', 'run', '--silent', 'build');
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

function run(folder: string, program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
