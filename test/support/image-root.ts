import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packPackage, runNpm } from './packed-package.js';

const ROOT = join(import.meta.dirname, '../..');
/** The user `node` of the base image. */
const USER = 1000;
/** The folders that the image makes for its user. */
const OWN_FOLDERS = ['/data', '/opt/sluice/cache'];
/** Enters a root in a mount namespace of its own, as a runtime of containers does: the mounts end with the process. */
const ENTER = `
set -e
root=$1 mode=$2
shift 2
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
mount -t tmpfs -o uid=${String(USER)},gid=${String(USER)} tmpfs "$root/data"
mount -o "remount,bind,$mode" "$root"
exec chroot --userspec=${String(USER)}:${String(USER)} "$root" "$@"
`;

/** True if this process may make mount namespaces and enter other roots: as root, where the kernel lets it. */
export const canEnterRoots =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/**
 * Makes the root of the image in an empty folder, as the Dockerfile does: the package, Node.js, bash and env, the
 * libraries of these, a user, and nothing else.
 */
export function makeImageRoot(root: string): void {
  const folders = [
    'data',
    'dev',
    'proc',
    'tmp',
    'etc',
    'bin',
    'usr/bin',
    'usr/local/bin',
    'opt/sluice/cache',
  ];
  for (const folder of folders) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  chmodSync(root, 0o755);
  chmodSync(join(root, 'tmp'), 0o1777);
  const programs = {
    [process.execPath]: '/usr/local/bin/node',
    '/bin/bash': '/bin/bash',
    '/usr/bin/env': '/usr/bin/env',
  };
  for (const [program, target] of Object.entries(programs)) {
    copyFileSync(program, join(root, target));
    for (const library of findLibraries(program)) {
      mkdirSync(join(root, dirname(library)), { recursive: true });
      copyFileSync(library, join(root, library));
    }
  }
  symlinkSync('bash', join(root, 'bin/sh'));
  writeFileSync(join(root, 'etc/passwd'), `node:x:${String(USER)}:${String(USER)}::/home/node:/bin/bash\n`);
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
  installPackage(root);
  for (const folder of OWN_FOLDERS) {
    chownSync(join(root, folder), USER, USER);
  }
}

/** Returns the command that runs a program in the root as the user of the image. */
export function enterRoot(
  root: string,
  mode: 'ro' | 'rw',
  command: readonly string[],
): [string, ...string[]] {
  return ['unshare', '--mount', 'sh', '-c', ENTER, 'sh', root, mode, ...command];
}

function installPackage(root: string): void {
  const cache = join(root, 'tmp/npm');
  const { filename } = packPackage(cache, join(root, 'tmp'));
  const prefix = join(root, 'opt/sluice');
  runNpm(cache, root, 'install', '--global', '--prefix', prefix, join(root, 'tmp', filename));
  copyFileSync(join(ROOT, 'ops/docker/health.sh'), join(prefix, 'bin/sluice-health'));
}

/** Returns the paths of the shared libraries of a program, and of what loads them. */
function findLibraries(program: string): string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(?:^|\s)(\/\S+\.so\S*)/g)].map(([, path = '']) => path);
}
