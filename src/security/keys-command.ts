import { Command, InvalidArgumentError } from 'commander';
import { isClientName, isScope, SCOPES, type Scope } from './client.js';
import { createKey, listKeys, revokeKey } from './manage-keys.js';

interface FileOption {
  readonly file: string;
}

interface NewKeyOptions extends FileOption {
  readonly client: string;
  readonly scopes: readonly Scope[];
}

/** `keys create`, `keys revoke`, `keys list`: works on the file alone; a service that runs sees the change by itself. */
export function keysCommand(): Command {
  const command = new Command('keys').description('Make, revoke and list API keys (a file of hashes).');
  withFile(command.command('create'))
    .description('Make a key. It is shown once, and kept nowhere.')
    .requiredOption('--client <name>', 'whose key it is', toClientName)
    .option('--scopes <list>', `some of ${SCOPES.join(',')}`, toScopes, ['submit', 'read'] as const)
    .action(async ({ file, client, scopes }: NewKeyOptions) => {
      process.stdout.write(`${await createKey(file, client, scopes)}\n`);
    });
  withFile(command.command('revoke'))
    .description('Revoke a key: running services refuse it within a second or two.')
    .argument('<id>', 'the middle part of the key: sluice_<id>_…')
    .action((id: string, { file }: FileOption, self: Command) => {
      if (!revokeKey(file, id)) {
        self.error(`error: no key in ${file} has the id ${id}`);
      }
    });
  withFile(command.command('list'))
    .description('List the keys: id, client, scopes, when it was made.')
    .action(({ file }: FileOption) => {
      for (const { id, client, scopes, created_at: createdAt = '' } of listKeys(file)) {
        process.stdout.write(`${[id, client, scopes.join(','), createdAt].join('\t')}\n`);
      }
    });
  return command;
}

function withFile(command: Command): Command {
  const preset = process.env['API_KEYS_FILE'];
  const text = 'the file of keys (API_KEYS_FILE)';
  return preset === undefined || preset === ''
    ? command.requiredOption('--file <path>', text)
    : command.option('--file <path>', text, preset);
}

function toClientName(text: string): string {
  if (!isClientName(text)) {
    throw new InvalidArgumentError('a name has 1 to 128 letters, digits or any of . : @ / | + - _');
  }
  return text;
}

function toScopes(text: string): Scope[] {
  const parts = text.split(',').map((part) => part.trim());
  const scopes = parts.filter(isScope);
  if (scopes.length === 0 || scopes.length < parts.length) {
    throw new InvalidArgumentError(`scopes are some of ${SCOPES.join(', ')}`);
  }
  return scopes;
}
