import { setTimeout as sleep } from 'node:timers/promises';
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { BulkActionView, Priority } from '../typescript/index.js';
import type { ApiClient } from './api-client.js';
import { CliError, EXIT, type ExitCode } from './cli-error.js';
import {
  addPageOptions,
  printNext,
  type CommandContext,
  type JsonOption,
  type PageOptions,
} from './command-context.js';
import { toTable, type Output, type Style, type Styled } from './output.js';
import { parsePriority, PRIORITIES } from './parse-options.js';
import { styleBy } from './styles.js';
import { formatAge } from './time-words.js';

const WATCH_INTERVAL_MS = 1000;
const ACTIONS: readonly BulkActionView['action'][] = ['cancel', 'reprioritize', 'redrive', 'discard'];

type Filter = Readonly<Record<string, string | readonly string[]>>;

/** Adds the commands of bulk actions: `bulk plan`, `start`, `watch`, `stop`, `show` and `list`. */
export function addBulkCommands(program: Command, { begin, ended, signal }: CommandContext): void {
  const bulk = program.command('bulk').description('cancel, reprioritize, redrive or discard all that match');
  const withId = (name: string, description: string): Command =>
    bulk
      .command(name)
      .description(description)
      .argument('<bulk_action_id>')
      .option('--json', 'one line of JSON');

  bulk
    .command('plan')
    .description('count what would be changed, and print the id of the plan; changes nothing')
    .addArgument(new Argument('<action>', 'the act').choices(ACTIONS))
    .option(
      '-f, --filter <name=value>',
      'as the parameters of GET /ingestions, or of GET /dead-letters for redrive and discard; repeat it for more',
      addFilter,
      {},
    )
    .option('--all', 'all there are, without a filter')
    .addOption(
      new Option('-p, --priority <priority>', 'the new priority')
        .choices(PRIORITIES)
        .argParser(parsePriority),
    )
    .option('--json', 'one line of JSON')
    .action(async (action: BulkActionView['action'], options: JsonOption & PlanOptions) => {
      const { filter, all, priority } = options;
      if ((Object.keys(filter).length === 0) !== (all === true)) {
        throw new CliError('give either --filter or --all', EXIT.usage);
      }
      const [service, output] = await begin(options);
      const body = { action, filter: { ...filter }, ...(priority !== undefined && { priority }) };
      output.print(await service.unwrap(service.client.POST('/bulk-actions', { body })), describe);
      ended(EXIT.ok);
    });

  withId('start', 'start a plan, or go on with an action that was stopped')
    .option('-w, --watch', 'watch the action until it has ended')
    .action(async (id: string, options: JsonOption & { readonly watch?: boolean }) => {
      const [service, output] = await begin(options);
      const params = { path: { bulk_action_id: id } };
      const action = await service.unwrap(
        service.client.POST('/bulk-actions/{bulk_action_id}/start', { params }),
      );
      output.print(action, describe);
      ended(options.watch === true ? await watch(service, output, action, signal) : EXIT.ok);
    });

  withId('watch', 'watch an action until it has ended').action(async (id: string, options: JsonOption) => {
    const [service, output] = await begin(options);
    const action = await find(service, id);
    output.print(action, describe);
    ended(await watch(service, output, action, signal));
  });

  withId('stop', 'stop an action; what was changed stays changed').action(
    async (id: string, options: JsonOption) => {
      const [service, output] = await begin(options);
      const params = { path: { bulk_action_id: id } };
      output.print(
        await service.unwrap(service.client.POST('/bulk-actions/{bulk_action_id}/stop', { params })),
        describe,
      );
      ended(EXIT.ok);
    },
  );

  withId('show', 'show an action').action(async (id: string, options: JsonOption) => {
    const [service, output] = await begin(options);
    output.print(await find(service, id), describe);
    ended(EXIT.ok);
  });

  addPageOptions(bulk.command('list'))
    .description('show actions, the newest first')
    .option('--json', 'one line of JSON')
    .action(async ({ json, ...query }: JsonOption & PageOptions) => {
      const [service, output] = await begin({ json });
      const page = await service.unwrap(service.client.GET('/bulk-actions', { params: { query } }));
      output.print(page, ({ bulk_actions: actions }) => toTable([HEADER, ...actions.map(toRow)]));
      printNext('actions', page.next, output);
      ended(EXIT.ok);
    });
}

interface PlanOptions {
  readonly filter: Filter;
  readonly all?: boolean;
  readonly priority?: Priority;
}

function find(service: ApiClient, id: string): Promise<BulkActionView> {
  const params = { path: { bulk_action_id: id } };
  return service.unwrap(service.client.GET('/bulk-actions/{bulk_action_id}', { params }));
}

/** Prints each change of the progress until the action no longer runs. Returns the exit code. */
async function watch(
  service: ApiClient,
  output: Output,
  begun: BulkActionView,
  signal: AbortSignal,
): Promise<ExitCode> {
  let action = begun;
  while (action.state === 'running') {
    await sleep(WATCH_INTERVAL_MS, undefined, { signal });
    const before = action;
    action = await find(service, action.bulk_action_id);
    if (describe(action) !== describe(before)) {
      output.print(action, describe);
    }
  }
  return action.state === 'failed' ? EXIT.failed : EXIT.ok;
}

function describe(action: BulkActionView): string {
  const { bulk_action_id: id, state, ids_done: done, ids, ingestions, skipped } = action;
  const planned = `${String(ids)} ids of ${String(ingestions)} lists`;
  const progress = state === 'planned' || state === 'expired' ? planned : `${String(done)} of ${planned}`;
  const left = skipped === 0 ? '' : `, ${String(skipped)} skipped`;
  const error = action.last_error === null ? '' : `: ${action.last_error}`;
  return `${id}  ${action.action} ${state}: ${progress}${left}${error}`;
}

const HEADER = ['ACTION', 'STATE', 'IDS', 'DONE', 'SKIPPED', 'CREATED', 'BY', 'ID', 'FILTER'];

const STYLES: Readonly<Record<BulkActionView['state'], Style>> = {
  planned: 'dim',
  running: 'cyan',
  stopped: 'yellow',
  completed: 'green',
  failed: 'red',
  expired: 'dim',
};

function toRow(action: BulkActionView): (string | Styled)[] {
  return [
    action.action,
    styleBy(STYLES, action.state),
    String(action.ids),
    String(action.ids_done),
    String(action.skipped),
    formatAge(action.created_at),
    action.started_by ?? '-',
    action.bulk_action_id,
    JSON.stringify(action.filter),
  ];
}

/** @throws InvalidArgumentError if it is not `name=value`, or names a filter again that may be given once. */
function addFilter(text: string, before: Filter): Filter {
  const end = text.indexOf('=');
  if (end < 1) {
    throw new InvalidArgumentError('must be name=value.');
  }
  const name = text.slice(0, end);
  const value = text.slice(end + 1);
  if (name === 'label') {
    return { ...before, label: [...[before['label'] ?? []].flat(), value] };
  }
  if (Object.hasOwn(before, name)) {
    throw new InvalidArgumentError(`names ${name} again.`);
  }
  return { ...before, [name]: value };
}
