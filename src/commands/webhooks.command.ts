import { Option, type Command } from 'commander';
import { toClientName } from './client-name.js';

interface SecretOptions {
  readonly client?: string;
  readonly withoutClient?: boolean;
  readonly all?: boolean;
}

/**
 * Adds `webhooks secret`. It computes the secret from the same variables as the service and changes nothing, so it
 * needs no running service. Its modules are loaded only when it runs.
 */
export function addWebhooksCommand(program: Command, environment: NodeJS.ProcessEnv): void {
  const webhooks =
    program.commands.find((command) => command.name() === 'webhooks') ?? program.command('webhooks');
  webhooks
    .command('secret')
    .description("show the secret with which a client's receivers check webhooks")
    .addOption(new Option('--client <name>', 'name of the client').argParser(toClientName))
    .option('--without-client', 'the secret for lists that belong to no client')
    .option('--all', 'during a rotation: all secrets of the client, the current one first')
    .action(async ({ client, withoutClient, all }: SecretOptions, self: Command) => {
      if ((client === undefined) !== (withoutClient === true)) {
        self.error('error: name the client with --client, or use --without-client');
      }
      const secrets = await readSecrets(self, environment, client ?? null);
      process.stdout.write(secrets.slice(0, all === true ? undefined : 1).join('\n') + '\n');
    });
}

async function readSecrets(
  self: Command,
  environment: NodeJS.ProcessEnv,
  client: string | null,
): Promise<readonly string[]> {
  const { Configuration } = await import('../platform/config/configuration.js');
  const { WebhookOptions } = await import('../webhooks/webhook.options.js');
  try {
    const { secrets } = new WebhookOptions(Configuration.read(environment));
    if (!secrets.areOfClients) {
      throw new Error('WEBHOOK_MASTER_SECRET is not set: clients have no secrets of their own');
    }
    return secrets.ownOf(client);
  } catch (error) {
    return self.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  }
}
