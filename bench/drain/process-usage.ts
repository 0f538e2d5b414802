import { readdirSync, readFileSync } from 'node:fs';

/** The resources that processes have used so far. */
export interface Usage {
  readonly cpuSeconds: number;
  /**
   * Bytes written to the disk's cache (`write_bytes` of proc(5)). A tmpfs has none. For PostgreSQL it can be far
   * more than the bytes of its log: compare such a figure only with that of another service on the same server.
   */
  readonly writtenBytes: number;
}

/** Positions of fields in /proc/PID/stat after the process name (proc(5)). */
const PARENT = 1;
const UTIME = 11;
const STIME = 12;
const CHILDREN_UTIME = 13;
const CHILDREN_STIME = 14;
const TICKS_PER_SECOND = 100;

/**
 * Returns what these processes and all their descendants have used, those that have ended included. The values are NaN
 * where the system does not report them.
 */
export function usageOf(pids: readonly number[]): Usage {
  if (process.platform !== 'linux') {
    return { cpuSeconds: NaN, writtenBytes: NaN };
  }
  let cpuSeconds = 0;
  let writtenBytes = 0;
  for (const [pid, stat] of withDescendants(pids)) {
    const ticks = [UTIME, STIME, CHILDREN_UTIME, CHILDREN_STIME].map((place) => Number(stat[place]));
    cpuSeconds += ticks.reduce((total, count) => total + count, 0) / TICKS_PER_SECOND;
    writtenBytes += writtenBy(pid);
  }
  return { cpuSeconds, writtenBytes };
}

function withDescendants(roots: readonly number[]): Map<number, readonly string[]> {
  const all = new Map<number, readonly string[]>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : null;
    if (stat !== null) {
      all.set(Number(name), stat.slice(stat.lastIndexOf(')') + 2).split(' ')); // the name may contain spaces
    }
  }
  const isWanted = (pid: number): boolean => {
    const parent = Number(all.get(pid)?.[PARENT] ?? 0);
    return roots.includes(pid) || (parent > 0 && isWanted(parent));
  };
  return new Map([...all].filter(([pid]) => isWanted(pid)));
}

function writtenBy(pid: number): number {
  const io = read(`/proc/${String(pid)}/io`);
  return Number(/^write_bytes: (\d+)$/m.exec(io ?? '')?.[1] ?? NaN);
}

/** Returns null for a process that has just ended, or that belongs to another user. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
