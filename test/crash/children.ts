import type { ChildProcess } from 'node:child_process';

const EXIT_INTERRUPTED = 130;
const children = new Set<ChildProcess>();

/** Registers a child that must not outlive this process. */
export function keepChild(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

function killChildren(): void {
  for (const child of children) {
    child.kill('SIGKILL');
  }
}

/** Kills all children when this process ends. Call it once. The recorder covers a SIGKILL of this process. */
export function killChildrenAtTheEnd(): void {
  process.on('exit', killChildren);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(EXIT_INTERRUPTED));
  }
}
