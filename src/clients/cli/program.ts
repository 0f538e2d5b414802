import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { escapeControls } from '../../domain/printable-text.js';
import type { ApiResult } from '../typescript/api-error.js';
import { listAudit, type AuditOptions } from './audit.command.js';
import type { ExitCode } from './cli-error.js';
import { EXIT } from './cli-error.js';
import { addBulkCommands } from './bulk.command.js';
import { addDeadLetterCommands } from './dead-letters.command.js';
import { addLaneCommands } from './lanes.command.js';
import { addLabel, toCount } from './option-values.js';
import { list, type ListOptions } from './list.command.js';
import { Output } from './output.js';
import { parsePeriod, parsePriority, PRIORITIES } from './parse-options.js';
import { formatQueues } from './queue.formatter.js';
import { ApiClient } from './api-client.js';
import { findService, type ServiceOptions } from './service-address.js';
import { formatStatus, toExitCode, type IngestionStatus } from './ingestion-status.js';
import { submit, type SubmitOptions } from './submit.command.js';
import { watch } from './watch.command.js';

export interface ProgramContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly out: NodeJS.WriteStream;
  /** Aborted when the user interrupts the program. */
  readonly signal: AbortSignal;
  /** Called with the exit code after a command that did not fail. */
  readonly ended: (exitCode: ExitCode) => void;
}

/** The commands of `sluice` that talk to a service. */
export function createProgram({ environment, out, signal, ended }: ProgramContext): Command {
  const program = new Command('sluice')
    .description('Submits ids to a Sluice service, watches and controls their ingestions.')
    .option('--url <url>', 'the service (SLUICE_URL, or http://localhost:8000)')
    .option(
      '--api-key-file <file>',
      'a file with the key that is sent with each request (SLUICE_API_KEY is a key)',
    )
    .option('--profile <name>', 'a service of profiles.yaml in your configuration folder (SLUICE_PROFILE)')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(escapeControls(text));
      },
    })
    .showHelpAfterError('(see --help)');
  const json = (): Option => new Option('--json', 'one line of JSON for each thing shown');
  const withId = (name: string, description: string): Command =>
    program.command(name).description(description).argument('<ingestion_id>').addOption(json());
  const begin = async ({ json: isJson }: { json?: boolean }): Promise<[ApiClient, Output]> => [
    new ApiClient(await findService(program.opts<ServiceOptions>(), environment)),
    new Output(out, isJson === true),
  ];
  /** Sends one request and prints its response. */
  const requestAndPrint = async <T>(
    options: { json?: boolean },
    ask: (client: ApiClient['client']) => Promise<ApiResult<T>>,
    describeAnswer: (answer: T) => string,
  ): Promise<void> => {
    const [service, output] = await begin(options);
    output.print(await service.unwrap(ask(service.client)), describeAnswer);
    ended(EXIT.ok);
  };

  program
    .command('submit')
    .description(
      'submit a file of ids, separated by newlines, commas, semicolons or blanks; .csv, .ndjson and .gz too',
    )
    .addArgument(new Argument('<file>', 'the file, - for standard input'))
    .addOption(
      new Option('-p, --priority <priority>', 'the priority of the ids')
        .choices(PRIORITIES)
        .argParser(parsePriority)
        .makeOptionMandatory(),
    )
    .option('-l, --lane <lane>', 'the lane of the ids')
    .option('--label <name=value>', 'a label of the ingestion; repeat it for more, up to 8', addLabel)
    .option('-u, --units <units>', 'what one id costs by a limit of the lane that counts units', toUnits)
    .option(
      '--not-before <time>',
      'not in the queue before this time (RFC 3339), or for this number of seconds',
    )
    .option('--expires-at <time>', 'cancel what was not sent by this time, or after this number of seconds')
    .option('-w, --watch', 'watch the ingestion until it has ended')
    .option('-k, --idempotency-key <key>', 'a repeated key returns the same ingestion')
    .option('-s, --stream', 'send it as a stream, also if it is small')
    .option('-c, --column <column>', 'the column of the ids in a CSV, by name or number')
    .addOption(json())
    .action(async (file: string, options: SubmitOptions & { json?: boolean; watch?: boolean }) => {
      const [service, output] = await begin(options);
      const accepted = await submit(service, file, options);
      output.print(accepted, ({ ingestion_id: id }) => id);
      ended(options.watch === true ? await watch(service, accepted.ingestion_id, output, signal) : EXIT.ok);
    });

  withId('status', 'show the status of an ingestion')
    .option('-w, --watch', 'watch the ingestion until it has ended')
    .action(async (id: string, options: { json?: boolean; watch?: boolean }) => {
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

  program
    .command('list')
    .description('show ingestions, the newest first')
    .option('-n, --limit <count>', 'the maximum number', toCount, 20)
    .option('--after <cursor>', 'continue after an earlier page')
    .option('--status <status>', 'only those with this status')
    .addOption(
      new Option('--priority <priority>', 'only those of this priority')
        .choices(PRIORITIES)
        .argParser(parsePriority),
    )
    .option('--lane <lane>', 'only those of this lane')
    .option('--client <client>', 'only those of this client')
    .option('--since <period>', 'only those accepted within 30s, 15m, 24h or 7d', parsePeriod)
    .option('--label <name=value>', 'only those with this label; repeat it for all of several', addLabel)
    .addOption(json())
    .action(async ({ json: isJson, ...options }: ListOptions & { json?: boolean }) => {
      const [service, output] = await begin({ ...(isJson !== undefined && { json: isJson }) });
      await list(service, options, output);
      ended(EXIT.ok);
    });

  withId('cancel', 'drop the ids of an ingestion that were not sent yet').action(
    (id: string, options: { json?: boolean }) => {
      const params = { path: { ingestion_id: id } };
      return requestAndPrint(
        options,
        (client) => client.POST('/ingestions/{ingestion_id}/cancel', { params }),
        formatStatus,
      );
    },
  );

  withId('redrive', 'send the failed ids of an ingestion again').action(
    (id: string, options: { json?: boolean }) => {
      const params = { path: { ingestion_id: id } };
      return requestAndPrint(
        options,
        (client) => client.POST('/ingestions/{ingestion_id}/redrive', { params }),
        ({ redriven }) => `${String(redriven)} ids redriven`,
      );
    },
  );

  withId('delete', 'delete an ingestion that has ended, with all its data').action(
    async (id: string, options: { json?: boolean }) => {
      const [service, output] = await begin(options);
      const params = { path: { ingestion_id: id } };
      await service.unwrapEmpty(service.client.DELETE('/ingestions/{ingestion_id}', { params }));
      output.print({ deleted: id }, ({ deleted }) => `${deleted} deleted`);
      ended(EXIT.ok);
    },
  );

  const switchCommand = (name: string, description: string, path: '/queue/pause' | '/queue/resume'): void => {
    program
      .command(name)
      .description(description)
      .option('-l, --lane <lane>', 'only this lane')
      .addOption(json())
      .action(({ lane, ...options }: { lane?: string; json?: boolean }) => {
        const params = lane === undefined ? {} : { query: { lane } };
        return requestAndPrint(options, (client) => client.POST(path, { params }), formatQueues);
      });
  };
  program
    .command('queue')
    .description('show the state of the queue')
    .addOption(json())
    .action((options: { json?: boolean }) =>
      requestAndPrint(options, (client) => client.GET('/queue'), formatQueues),
    );
  switchCommand('pause', 'stop dispatching', '/queue/pause');
  switchCommand('resume', 'start dispatching again', '/queue/resume');
  program
    .command('audit')
    .description('show who did what, when and from where, the newest first')
    .option('-n, --limit <count>', 'the maximum number', toCount, 20)
    .option('--after <cursor>', 'continue after an earlier page')
    .option('--from <time>', 'only acts at this time or later')
    .option('--to <time>', 'only acts at this time or earlier')
    .option('--client <client>', 'only acts of this client')
    .option('--action <action>', 'only acts of this kind')
    .option('-l, --lane <lane>', 'only acts on this lane')
    .option('--target <id>', 'only acts on this list')
    .addOption(json())
    .action(async ({ json: isJson, ...query }: AuditOptions & { json?: boolean }) => {
      const [service, output] = await begin({ ...(isJson !== undefined && { json: isJson }) });
      await listAudit(service, query, output);
      ended(EXIT.ok);
    });
  const done = (): void => {
    ended(EXIT.ok);
  };
  addDeadLetterCommands(program, { begin, done });
  addBulkCommands(program, { begin, ended, signal });
  addLaneCommands(program, { begin, done });
  program
    .command('backup')
    .description('write a backup of the embedded store to the backup folder of the service')
    .addOption(json())
    .action((options: { json?: boolean }) =>
      requestAndPrint(
        options,
        (client) => client.POST('/backup'),
        ({ file, bytes }) => `${file} (${String(bytes)} bytes)`,
      ),
    );
  return program;
}

function toUnits(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) {
    throw new InvalidArgumentError('must be a whole number from 1.');
  }
  return Number(text);
}
