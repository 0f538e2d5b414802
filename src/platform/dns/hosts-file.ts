import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { Runtime } from '../../domain/runtime.js';

/** The interval of checks whether the file has changed. */
const RECHECK_MS = 1000;
/** A larger file is not a hosts file; reading it would block the event loop. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The path of the hosts file on this system. */
export const SYSTEM_HOSTS_FILE =
  process.platform === 'win32'
    ? join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32\\drivers\\etc\\hosts')
    : '/etc/hosts';

/**
 * Reads the addresses of names from a hosts file, and reads the file again when it changes. The reads are
 * synchronous: the file is local and small, and no pool thread is needed. A file that cannot be read counts
 * as empty.
 */
export class HostsFile {
  private addresses: ReadonlyMap<string, readonly string[]> = new Map();
  private version = '';
  private checkedAtMs = -Infinity;

  constructor(
    private readonly runtime: Runtime,
    private readonly path: string = SYSTEM_HOSTS_FILE,
  ) {}

  /** Returns the addresses of the name, in any case; an empty list if the file does not contain it. */
  addressesOf(name: string): readonly string[] {
    this.refresh();
    return this.addresses.get(name.toLowerCase()) ?? [];
  }

  private refresh(): void {
    const nowMs = this.runtime.monotonicMs();
    if (nowMs - this.checkedAtMs < RECHECK_MS) {
      return;
    }
    this.checkedAtMs = nowMs;
    try {
      const { mtimeMs, ino, size } = statSync(this.path);
      const version = `${String(mtimeMs)} ${String(ino)} ${String(size)}`;
      if (version !== this.version) {
        this.addresses = size > MAX_BYTES ? new Map() : parseHosts(readFileSync(this.path, 'utf8'));
        this.version = version;
      }
    } catch {
      this.addresses = new Map();
      this.version = '';
    }
  }
}

/** Parses the text of a hosts file (hosts(5)): an address and its names on each line. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) {
      continue;
    }
    for (const name of names.map((one) => one.toLowerCase())) {
      found.set(name, [...(found.get(name) ?? []), address]);
    }
  }
  return found;
}
