import { InvalidArgumentError, type Command } from 'commander';
import { isScope, SCOPES, type Scope } from '../domain/authenticated-client.js';
import { SystemRuntime } from '../domain/system-runtime.js';
import { createKey, listKeys, revokeKey } from '../platform/auth/api-key-store.js';
import { toClientName } from './client-name.js';

interface FileOption {
  readonly file: string;
}

interface NewKeyOptions extends FileOption {
  readonly client: string;
  readonly scopes: readonly Scope[];
}

/** Adds `keys create`, `keys revoke` and `keys list`. They change only the file; a running service reloads it. */
export function addKeysCommand(program: Command, environment: NodeJS.ProcessEnv): void {
  const keys = program.command('keys').description('create, revoke and list API keys in a local key file');
  const ofFile = (name: string, description: string): Command =>
    withFile(keys.command(name).description(description), environment['API_KEYS_FILE']);
  ofFile('create', 'create a key; it is shown once and not stored')
    .requiredOption('--client <name>', 'name of the client', toClientName)
    .option('--scopes <list>', `some of ${SCOPES.join(',')}`, toScopes, ['submit', 'read'] as const)
    .action(async ({ file, client, scopes }: NewKeyOptions, self: Command) => {
      const key = await createKey(file, client, scopes, new SystemRuntime()).catch((error: unknown) =>
        fail(self, file, error),
      );
      process.stdout.write(`${key}\n`);
    });
  ofFile('revoke', 'revoke a key: running services refuse it within a second or two')
    .argument('<id>', 'the middle part of the key: sluice_<id>_…')
    .action((id: string, { file }: FileOption, self: Command) => {
      if (!exitOnError(self, file, () => revokeKey(file, id))) {
        self.error(`error: no key in ${file} has the id ${id}`);
      }
    });
  ofFile('list', 'list the keys: id, client, scopes, creation time').action(
    ({ file }: FileOption, self: Command) => {
      for (const entry of exitOnError(self, file, () => listKeys(file))) {
        const { id, client, scopes, created_at: createdAt = '' } = entry;
        process.stdout.write(`${[id, client, scopes.join(','), createdAt].join('\t')}\n`);
      }
    },
  );
}

function exitOnError<T>(self: Command, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    return fail(self, file, error);
  }
}

function fail(self: Command, file: string, error: unknown): never {
  self.error(`error: ${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
}

function withFile(command: Command, preset: string | undefined): Command {
  const text = 'the file of keys (API_KEYS_FILE)';
  return preset === undefined || preset === ''
    ? command.requiredOption('--file <path>', text)
    : command.option('--file <path>', text, preset);
}

function toScopes(text: string): Scope[] {
  const parts = text.split(',').map((part) => part.trim());
  const scopes = parts.filter(isScope);
  if (scopes.length === 0 || scopes.length < parts.length) {
    throw new InvalidArgumentError(`scopes are some of ${SCOPES.join(', ')}`);
  }
  return scopes;
}
