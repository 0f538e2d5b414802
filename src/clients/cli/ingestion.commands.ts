import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import type { Priority } from '../typescript/index.js';
import { EXIT } from './cli-error.js';
import {
  addIngestionCommand,
  addPageOptions,
  jsonOption,
  requestAndPrint,
  type CommandContext,
  type JsonOption,
} from './command-context.js';
import { formatStatus, toExitCode, type IngestionStatus } from './ingestion-status.js';
import { list, type ListOptions } from './list.command.js';
import { addLabel } from './option-values.js';
import { parsePeriod, parsePriority, PRIORITIES } from './parse-options.js';
import { estimate, formatEstimate, submit, type SubmitOptions } from './submit.command.js';
import { watch } from './watch.command.js';

/** Adds the commands that submit ingestions, show them and change them. */
export function addIngestionCommands(program: Command, context: CommandContext): void {
  addSubmitCommand(program, context);
  addStatusCommand(program, context);
  addListCommand(program, context);
  addChangeCommands(program, context);
}

function addSubmitCommand(program: Command, { begin, ended, signal }: CommandContext): void {
  program
    .command('submit')
    .description(
      'submit a file of ids, separated by newlines, commas, semicolons or blanks; .csv, .ndjson and .gz too',
    )
    .addArgument(new Argument('<file>', 'the file, - for standard input'))
    .addOption(priorityOption('the priority of the ids').makeOptionMandatory())
    .option('-l, --lane <lane>', 'the lane of the ids')
    .option('--label <name=value>', 'a label of the ingestion; repeat it for more, up to 8', addLabel)
    .option('-u, --units <units>', 'what one id costs by a limit of the lane that counts units', toUnits)
    .option(
      '--not-before <time>',
      'not in the queue before this time (RFC 3339), or for this number of seconds',
    )
    .option('--expires-at <time>', 'cancel what was not sent by this time, or after this number of seconds')
    .option('--callback-url <url>', 'gets a webhook when the ingestion has ended')
    .option('-w, --watch', 'watch the ingestion until it has ended')
    .option('-k, --idempotency-key <key>', 'a repeated key returns the same ingestion')
    .option('-s, --stream', 'send it as a stream, also if it is small')
    .option('-c, --column <column>', 'the column of the ids in a CSV, by name or number')
    .addOption(
      new Option(
        '-n, --dry-run',
        'only check the ids and estimate when they would be sent; one request, no stream',
      ).conflicts(['watch', 'stream', 'column', 'idempotencyKey']),
    )
    .addOption(jsonOption())
    .action(
      async (file: string, options: SubmitOptions & JsonOption & { watch?: boolean; dryRun?: boolean }) => {
        const [service, output] = await begin(options);
        if (options.dryRun === true) {
          output.print(await estimate(service, file, options), formatEstimate);
          ended(EXIT.ok);
          return;
        }
        const accepted = await submit(service, file, options);
        output.print(accepted, ({ ingestion_id: id }) => id);
        ended(options.watch === true ? await watch(service, accepted.ingestion_id, output, signal) : EXIT.ok);
      },
    );
}

function addStatusCommand(program: Command, { begin, ended, signal }: CommandContext): void {
  addIngestionCommand(program, 'status', 'show the status of an ingestion')
    .option('-w, --watch', 'watch the ingestion until it has ended')
    .action(async (id: string, options: JsonOption & { watch?: boolean }) => {
      const [service, output] = await begin(options);
      if (options.watch === true) {
        ended(await watch(service, id, output, signal));
        return;
      }
      const params = { path: { ingestion_id: id }, query: { batches: 'none' as const } };
      const ingestion: IngestionStatus = await service.unwrap(
        service.client.GET('/status/{ingestion_id}', { params }),
      );
      output.print(ingestion, formatStatus);
      ended(toExitCode(ingestion));
    });
}

function addListCommand(program: Command, { begin, ended }: CommandContext): void {
  addPageOptions(program.command('list'))
    .description('show ingestions, the newest first')
    .option('--status <status>', 'only those with this status')
    .addOption(priorityOption('only those of this priority', '--priority <priority>'))
    .option('-l, --lane <lane>', 'only those of this lane')
    .option('--client <client>', 'only those of this client')
    .option('--since <period>', 'only those accepted within 30s, 15m, 24h or 7d', parsePeriod)
    .option('--label <name=value>', 'only those with this label; repeat it for all of several', addLabel)
    .addOption(jsonOption())
    .action(async ({ json, ...options }: ListOptions & JsonOption) => {
      const [service, output] = await begin({ json });
      await list(service, options, output);
      ended(EXIT.ok);
    });
}

/** Adds `cancel`, `priority`, `redrive` and `delete`. */
function addChangeCommands(program: Command, context: CommandContext): void {
  addIngestionCommand(program, 'cancel', 'drop the ids of an ingestion that were not sent yet').action(
    (id: string, options: JsonOption) => {
      const params = { path: { ingestion_id: id } };
      return requestAndPrint(
        context,
        options,
        (client) => client.POST('/ingestions/{ingestion_id}/cancel', { params }),
        formatStatus,
      );
    },
  );

  addIngestionCommand(program, 'priority', 'change the priority of the pending ids of an ingestion')
    .addArgument(new Argument('<priority>', 'the new priority').choices(PRIORITIES).argParser(parsePriority))
    .action((id: string, priority: Priority, options: JsonOption) => {
      const params = { path: { ingestion_id: id } };
      return requestAndPrint(
        context,
        options,
        (client) => client.PATCH('/ingestions/{ingestion_id}', { params, body: { priority } }),
        formatStatus,
      );
    });

  addIngestionCommand(program, 'redrive', 'send the failed ids of an ingestion again').action(
    (id: string, options: JsonOption) => {
      const params = { path: { ingestion_id: id } };
      return requestAndPrint(
        context,
        options,
        (client) => client.POST('/ingestions/{ingestion_id}/redrive', { params }),
        ({ redriven }) => `${String(redriven)} ids redriven`,
      );
    },
  );

  addIngestionCommand(program, 'delete', 'delete an ingestion that has ended, with all its data').action(
    async (id: string, options: JsonOption) => {
      const [service, output] = await context.begin(options);
      const params = { path: { ingestion_id: id } };
      await service.unwrapEmpty(service.client.DELETE('/ingestions/{ingestion_id}', { params }));
      output.print({ deleted: id }, ({ deleted }) => `${deleted} deleted`);
      context.ended(EXIT.ok);
    },
  );
}

function priorityOption(description: string, flags = '-p, --priority <priority>'): Option {
  return new Option(flags, description).choices(PRIORITIES).argParser(parsePriority);
}

function toUnits(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) {
    throw new InvalidArgumentError('must be a whole number from 1.');
  }
  return Number(text);
}
