import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AuthOptions } from './auth.options.js';
import { Authenticator } from './authenticator.js';
import type { Client } from './authenticated-client.js';
import { JsonWebTokens } from './jwt-verifier.js';
import { WatchedKeysFile } from './reloading-keys-file.js';

const KEY_PREFIX = 'sluice_';

/** The clients that the configuration knows: by the keys of its file, by the tokens of its identity provider. */
@Injectable()
export class Clients extends Authenticator implements OnApplicationShutdown {
  private readonly keysFile: WatchedKeysFile | null;
  private readonly tokens: JsonWebTokens | null;

  /** @throws ConfigError where the file of keys cannot be used. */
  constructor({ keysFile, jwt }: AuthOptions) {
    super();
    this.keysFile = keysFile === null ? null : new WatchedKeysFile(keysFile);
    this.tokens = jwt === null ? null : new JsonWebTokens(jwt);
  }

  override async authenticate(credential: string): Promise<Client | null> {
    const found = credential.startsWith(KEY_PREFIX)
      ? this.keysFile?.ring.find(credential)
      : this.tokens?.find(credential);
    return (await found) ?? null;
  }

  onApplicationShutdown(): void {
    this.keysFile?.close();
  }
}
