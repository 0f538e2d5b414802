import { hkdfSync } from 'node:crypto';

const PREFIX = 'whsec_';
const DERIVED_BYTES = 32;
/** Keeps these secrets apart from others that may be derived from the same master secret. */
const PURPOSE = 'sluice webhook secret v1:';

export interface WebhookSecretSources {
  /** The same for all receivers (`WEBHOOK_SECRET`). */
  readonly shared: readonly string[];
  /** The secrets of clients are derived from these (`WEBHOOK_MASTER_SECRET`). */
  readonly masters: readonly string[];
  /** Secrets that were set for a client; they replace its derived ones. */
  readonly byClient: ReadonlyMap<string, readonly string[]>;
}

/** The secrets that sign webhooks. A receiver accepts a message that is signed with any one of them. */
export class WebhookSecrets {
  constructor(private readonly sources: WebhookSecretSources) {}

  /** True without any secret: then webhooks are disabled. */
  get isEmpty(): boolean {
    return this.sources.shared.length + this.sources.masters.length === 0;
  }

  /** True if messages are signed with secrets of their client. */
  get areOfClients(): boolean {
    return this.sources.masters.length > 0;
  }

  /** Returns the secrets for the messages of a client, its own first; null stands for lists of no client. */
  for(client: string | null): string[] {
    return [...this.ownOf(client), ...this.sources.shared];
  }

  /** Returns the secrets that only this client has, the current one first; none without a master secret. */
  ownOf(client: string | null): readonly string[] {
    const { masters, byClient } = this.sources;
    const set = client === null ? undefined : byClient.get(client);
    return set ?? masters.map((master) => derive(master, client));
  }
}

/** Derives the secret of a client (HKDF with SHA-256, RFC 5869). No client has an empty name. */
function derive(master: string, client: string | null): string {
  const key = Buffer.from(master.slice(PREFIX.length), 'base64');
  const derived = hkdfSync('sha256', key, '', `${PURPOSE}${client ?? ''}`, DERIVED_BYTES);
  return `${PREFIX}${Buffer.from(derived).toString('base64')}`;
}
