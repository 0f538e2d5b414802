import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { NEVER, type Observable } from 'rxjs';
import { Clock } from '../../domain/clock.js';
import { AuthOptions } from './auth.options.js';
import { Authenticator } from './authenticator.js';
import type { AuthenticatedClient } from '../../domain/authenticated-client.js';
import { JwtVerifier } from './jwt-verifier.js';
import { ReloadingKeysFile } from './reloading-keys-file.js';

const KEY_PREFIX = 'sluice_';

/** Authenticates clients by the configured sources: API keys of a file, and tokens of an identity provider. */
@Injectable()
export class CompositeAuthenticator extends Authenticator implements OnApplicationShutdown {
  override readonly changes: Observable<void>;
  private readonly keysFile: ReloadingKeysFile | null;
  private readonly jwtVerifier: JwtVerifier | null;

  /** @throws ConfigError if the keys file cannot be used. */
  constructor({ keysFile, jwt }: AuthOptions, clock: Clock) {
    super();
    this.keysFile = keysFile === null ? null : new ReloadingKeysFile(keysFile, clock);
    const isKeyClient = this.keysFile?.hasClient ?? ((): boolean => false);
    this.jwtVerifier = jwt === null ? null : new JwtVerifier(jwt, isKeyClient, clock);
    this.changes = this.keysFile?.changes ?? NEVER;
  }

  override async authenticate(credential: string): Promise<AuthenticatedClient | null> {
    const found = credential.startsWith(KEY_PREFIX)
      ? this.keysFile?.verifier.verify(credential)
      : this.jwtVerifier?.verify(credential);
    return (await found) ?? null;
  }

  onApplicationShutdown(): void {
    this.keysFile?.close();
  }
}
