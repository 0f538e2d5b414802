import { readFileSync, unwatchFile, watchFile, type StatsListener } from 'node:fs';
import { Logger } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import { ConfigError } from '../config/config-error.js';
import { ApiKeyVerifier } from './api-key-verifier.js';
import { readEntries, toVerifiableKey, type VerifiableKey } from './keys-file.js';

/** The file is polled, because mounted or replaced files send no change events. */
const POLL_INTERVAL_MS = 1000;

/** The keys of a file. Reloads the file when it changes. */
export class ReloadingKeysFile {
  readonly verifier = new ApiKeyVerifier();
  private readonly reloaded = new Subject<void>();
  private readonly logger = new Logger('ApiKeys');
  private readonly onChange: StatsListener = () => {
    this.reload();
  };

  /** @throws ConfigError if the file cannot be used. */
  constructor(private readonly path: string) {
    try {
      this.verifier.replace(this.read());
    } catch (error) {
      throw new ConfigError(`API_KEYS_FILE ${path} cannot be used: ${messageOf(error)}`, { cause: error });
    }
    watchFile(path, { interval: POLL_INTERVAL_MS, persistent: false }, this.onChange);
  }

  /** Emits after each reload. */
  get changes(): Observable<void> {
    return this.reloaded;
  }

  close(): void {
    unwatchFile(this.path, this.onChange);
  }

  private reload(): void {
    try {
      const keys = this.read();
      this.verifier.replace(keys);
      this.reloaded.next();
      this.logger.log(`${this.path} has changed: ${String(keys.length)} keys`);
    } catch (error) {
      this.logger.error(
        `${this.path} has changed and cannot be used, the keys before it stay: ${messageOf(error)}`,
      );
    }
  }

  private read(): VerifiableKey[] {
    return readEntries(readFileSync(this.path, 'utf8')).map(toVerifiableKey);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
