import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Priority } from '../typescript/index.js';
import type { ExitCode } from './cli-error.js';
import { EXIT } from './cli-error.js';
import { list, type ListOptions } from './list.command.js';
import { Output } from './output.js';
import { formatQueues } from './queue.formatter.js';
import { ApiClient, type ApiResult } from './api-client.js';
import { formatStatus, toExitCode, type IngestionStatus } from './ingestion-status.js';
import { submit, type SubmitOptions } from './submit.command.js';
import { watch } from './watch.command.js';

const PRIORITIES: readonly Priority[] = ['HIGH', 'MEDIUM', 'LOW'];

export interface ProgramContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly out: NodeJS.WriteStream;
  /** Aborted when the user wants the program to end. */
  readonly signal: AbortSignal;
  /** Called with the exit code of a command that went well. */
  readonly ended: (exitCode: ExitCode) => void;
}

/** The commands of `sluice` that talk to a service. */
export function createProgram({ environment, out, signal, ended }: ProgramContext): Command {
  const program = new Command('sluice')
    .description('Hands lists of ids to a Sluice service, follows and controls them.')
    .addHelpText(
      'after',
      '\nSLUICE_URL names the service (http://localhost:8000), SLUICE_API_KEY is sent with each request.',
    )
    .exitOverride()
    .showHelpAfterError('(--help tells more)');
  const json = (): Option => new Option('--json', 'one line of JSON for each thing shown');
  const withId = (name: string, description: string): Command =>
    program.command(name).description(description).argument('<ingestion_id>').addOption(json());
  const begin = ({ json: isJson }: { json?: boolean }): [ApiClient, Output] => [
    new ApiClient(environment),
    new Output(out, isJson === true),
  ];
  /** Asks once, and shows what is answered. */
  const tell = async <T>(
    options: { json?: boolean },
    ask: (client: ApiClient['client']) => Promise<ApiResult<T>>,
    describeAnswer: (answer: T) => string,
  ): Promise<void> => {
    const [service, output] = begin(options);
    output.print(await service.unwrap(ask(service.client)), describeAnswer);
    ended(EXIT.ok);
  };

  program
    .command('submit')
    .description(
      'hand over a list: ids separated by newlines, commas, semicolons or blanks; .csv, .ndjson and .gz too',
    )
    .addArgument(new Argument('<file>', 'the list, - for standard input'))
    .addOption(
      new Option('-p, --priority <priority>', 'when it goes').choices(PRIORITIES).makeOptionMandatory(),
    )
    .option('-l, --lane <lane>', 'the lane that it goes through')
    .option('-w, --watch', 'follow it until it is over')
    .option('-k, --idempotency-key <key>', 'the same key gives the same ingestion')
    .option('-s, --stream', 'send it as a stream, whatever its size')
    .option('-c, --column <column>', 'the column of a CSV that holds the ids, by name or number')
    .addOption(json())
    .action(async (file: string, options: SubmitOptions & { json?: boolean; watch?: boolean }) => {
      const [service, output] = begin(options);
      const accepted = await submit(service, file, options);
      output.print(accepted, ({ ingestion_id: id }) => id);
      ended(options.watch === true ? await watch(service, accepted.ingestion_id, output, signal) : EXIT.ok);
    });

  withId('status', 'tell how a list stands')
    .option('-w, --watch', 'follow it until it is over')
    .action(async (id: string, options: { json?: boolean; watch?: boolean }) => {
      const [service, output] = begin(options);
      if (options.watch === true) {
        ended(await watch(service, id, output, signal));
        return;
      }
      const params = { path: { ingestion_id: id }, query: { batches: 'none' as const } };
      const standing: IngestionStatus = await service.unwrap(
        service.client.GET('/status/{ingestion_id}', { params }),
      );
      output.print(standing, formatStatus);
      ended(toExitCode(standing));
    });

  program
    .command('list')
    .description('show lists, the newest first')
    .option('-n, --limit <count>', 'how many at the most', toCount, 20)
    .option('--after <cursor>', 'go on behind an earlier page')
    .option('--status <status>', 'only those that stand so')
    .addOption(new Option('--priority <priority>', 'only those of this priority').choices(PRIORITIES))
    .option('--lane <lane>', 'only those of this lane')
    .addOption(json())
    .action(async ({ json: isJson, ...options }: ListOptions & { json?: boolean }) => {
      const [service, output] = begin({ ...(isJson !== undefined && { json: isJson }) });
      await list(service, options, output);
      ended(EXIT.ok);
    });

  withId('cancel', 'drop the ids of a list that were not sent yet').action(
    (id: string, options: { json?: boolean }) => {
      const params = { path: { ingestion_id: id } };
      return tell(
        options,
        (client) => client.POST('/ingestions/{ingestion_id}/cancel', { params }),
        formatStatus,
      );
    },
  );

  withId('redrive', 'send the ids of a list again that gave up').action(
    (id: string, options: { json?: boolean }) => {
      const params = { path: { ingestion_id: id } };
      return tell(
        options,
        (client) => client.POST('/ingestions/{ingestion_id}/redrive', { params }),
        ({ redriven }) => `${String(redriven)} ids go out again`,
      );
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
        return tell(options, (client) => client.POST(path, { params }), formatQueues);
      });
  };
  program
    .command('queue')
    .description('tell what waits at the gate')
    .addOption(json())
    .action((options: { json?: boolean }) => tell(options, (client) => client.GET('/queue'), formatQueues));
  switchCommand('pause', 'stop dispatching', '/queue/pause');
  switchCommand('resume', 'dispatch again', '/queue/resume');
  program
    .command('backup')
    .description('write a backup of the embedded store into the folder that the service has for them')
    .addOption(json())
    .action((options: { json?: boolean }) =>
      tell(
        options,
        (client) => client.POST('/backup'),
        ({ file, bytes }) => `${file} (${String(bytes)} bytes)`,
      ),
    );
  return program;
}

function toCount(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) {
    throw new InvalidArgumentError('must be a number from 1 to 999.');
  }
  return Number(text);
}
