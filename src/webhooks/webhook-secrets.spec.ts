import { hkdfSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useTempFolders } from '../../test/support/temp-folder.js';
import { ConfigError } from '../platform/config/config-error.js';
import { Configuration } from '../platform/config/configuration.js';
import { WebhookOptions } from './webhook.options.js';
import type { WebhookSecrets } from './webhook-secrets.js';

const secret = (byte: number): string => `whsec_${Buffer.alloc(32, byte).toString('base64')}`;
const [SHARED, MASTER, NEW_MASTER] = [secret(1), secret(2), secret(3)];

function secretsWith(environment: Readonly<Record<string, string>>): WebhookSecrets {
  return new WebhookOptions(Configuration.read(environment)).secrets;
}

describe('The secrets of webhooks', () => {
  const newFolder = useTempFolders();

  function file(text: string): string {
    const path = join(newFolder(), 'secrets.yaml');
    writeFileSync(path, text);
    return path;
  }

  function refusalOf(environment: Readonly<Record<string, string>>): string {
    try {
      secretsWith(environment);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as Error).message;
    }
    throw new Error('the configuration was accepted');
  }

  it('are derived by HKDF from the master secret and the name of the client', () => {
    const expected = hkdfSync('sha256', Buffer.alloc(32, 2), '', 'sluice webhook secret v1:billing', 32);
    const secrets = secretsWith({ WEBHOOK_MASTER_SECRET: MASTER });
    expect(secrets.for('billing')).toEqual([`whsec_${Buffer.from(expected).toString('base64')}`]);
  });

  it('differ from client to client, and from those of lists without a client', () => {
    const secrets = secretsWith({ WEBHOOK_MASTER_SECRET: MASTER });
    const own = ['billing', 'Billing', 'crm', null].flatMap((client) => secrets.for(client));
    expect(new Set([...own, MASTER]).size).toBe(5);
  });

  it('are several during a rotation, the new one first, with the shared one of earlier releases', () => {
    const before = secretsWith({ WEBHOOK_MASTER_SECRET: MASTER }).for('billing');
    const after = secretsWith({ WEBHOOK_MASTER_SECRET: NEW_MASTER }).for('billing');
    const both = secretsWith({ WEBHOOK_MASTER_SECRET: `${NEW_MASTER} ${MASTER}`, WEBHOOK_SECRET: SHARED });
    expect(both.for('billing')).toEqual([...after, ...before, SHARED]);
    expect(both.ownOf('billing')).toEqual([...after, ...before]);
  });

  it('are the shared one alone where nothing else is set, and none without it', () => {
    const shared = secretsWith({ WEBHOOK_SECRET: `${SHARED} ${MASTER}` });
    expect(shared.for('billing')).toEqual([SHARED, MASTER]);
    expect([shared.isEmpty, shared.areOfClients]).toEqual([false, false]);
    expect(secretsWith({}).isEmpty).toBe(true);
  });

  it('may be set for a client in a file, in place of its derived ones', () => {
    const path = file(`clients:\n  billing: ${secret(4)} ${secret(5)}\n`);
    const secrets = secretsWith({ WEBHOOK_MASTER_SECRET: MASTER, WEBHOOK_SECRETS_FILE: path });
    expect(secrets.for('billing')).toEqual([secret(4), secret(5)]);
    expect(secrets.for('crm')).toEqual(secretsWith({ WEBHOOK_MASTER_SECRET: MASTER }).for('crm'));
  });

  it('are refused at the start where they protect nothing, in one line without a secret', () => {
    const bad = `clients:\n  billing: whsec_short\n`;
    const lines = [
      refusalOf({ WEBHOOK_MASTER_SECRET: MASTER, WEBHOOK_SECRET: MASTER }),
      refusalOf({ WEBHOOK_SECRET: SHARED, WEBHOOK_SECRETS_FILE: file('clients: {}') }),
      ...[bad, 'a: [', '[]', 'clients: 5', `clients: {"a b": ${SHARED}}`].map((text) =>
        refusalOf({ WEBHOOK_MASTER_SECRET: MASTER, WEBHOOK_SECRETS_FILE: file(text) }),
      ),
      refusalOf({ WEBHOOK_MASTER_SECRET: MASTER, WEBHOOK_SECRETS_FILE: '/nothing/here' }),
      refusalOf({
        WEBHOOK_MASTER_SECRET: MASTER,
        WEBHOOK_SECRETS_FILE: file(`clients: {billing: ${MASTER}}`),
      }),
    ];
    for (const line of lines) {
      expect(line).toMatch(/^WEBHOOK_(MASTER_SECRET|SECRETS_FILE) [^\n]+$/);
      expect(line).not.toMatch(/whsec_[A-Za-z0-9]/);
    }
  });
});
