import { readFileSync, unwatchFile, watchFile, type StatsListener } from 'node:fs';
import { Logger } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import type { Clock } from '../../domain/clock.js';
import { ConfigError } from '../config/config-error.js';
import { ApiKeyVerifier } from './api-key-verifier.js';
import { clientNamesOf, readKeysFile, toVerifiableKey } from './keys-file.js';

/** The file is polled, because mounted or replaced files send no change events. */
const POLL_INTERVAL_MS = 1000;

/** The keys of a file. Reloads the file when it changes. */
export class ReloadingKeysFile {
  readonly verifier: ApiKeyVerifier;
  private readonly reloaded = new Subject<void>();
  private readonly logger = new Logger('ApiKeys');
  private clientNames: ReadonlySet<string> = new Set();
  private readonly onChange: StatsListener = () => {
    this.reload();
  };

  /** @throws ConfigError if the file cannot be used. */
  constructor(
    private readonly path: string,
    clock: Clock,
  ) {
    this.verifier = new ApiKeyVerifier(clock);
    try {
      this.read();
    } catch (error) {
      throw new ConfigError(`API_KEYS_FILE ${path} cannot be used: ${messageOf(error)}`, { cause: error });
    }
    watchFile(path, { interval: POLL_INTERVAL_MS, persistent: false }, this.onChange);
  }

  /** Emits after each reload. */
  get changes(): Observable<void> {
    return this.reloaded;
  }

  /** Tells whether the name belongs to a key, now or formerly. */
  readonly hasClient = (name: string): boolean => this.clientNames.has(name);

  close(): void {
    unwatchFile(this.path, this.onChange);
  }

  private reload(): void {
    try {
      const keyCount = this.read();
      this.reloaded.next();
      this.logger.log(`${this.path} has changed: ${String(keyCount)} keys`);
    } catch (error) {
      this.logger.error(
        `${this.path} has changed and cannot be used, the keys before it stay: ${messageOf(error)}`,
      );
    }
  }

  /** Takes over the content of the file; returns the number of keys. */
  private read(): number {
    const file = readKeysFile(readFileSync(this.path, 'utf8'));
    this.verifier.replace(file.entries.map(toVerifiableKey));
    this.clientNames = clientNamesOf(file);
    return file.entries.length;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
