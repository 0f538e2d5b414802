import type { ChildProcess } from 'node:child_process';

const EXIT_INTERRUPTED = 130;
const children = new Set<ChildProcess>();

/** Sees to it that the child does not outlive this process. */
export function keepChild(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

export function killChildren(): void {
  for (const child of children) {
    child.kill('SIGKILL');
  }
}

/** Call once: no child survives, however this process ends. SIGKILL of this process itself: see the recorder. */
export function killChildrenAtTheEnd(): void {
  process.on('exit', killChildren);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(EXIT_INTERRUPTED));
  }
}
