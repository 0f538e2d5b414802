import { InvalidArgumentError, type Command } from 'commander';
import { escapeLine, shorten } from '../../domain/printable-text.js';
import {
  stringifyExact,
  type ResultView,
  type RetryView,
  type FoundIdView,
  type Status,
} from '../typescript/index.js';
import type { ApiClient } from './api-client.js';
import { EXIT } from './cli-error.js';
import {
  addIngestionCommand,
  addPageOptions,
  collectPages,
  jsonOption,
  printNext,
  requestAndPrint,
  writeAnswer,
  type CommandContext,
  type JsonOption,
  type PageOptions,
} from './command-context.js';
import { toCount } from './option-values.js';
import { formatError, toTable, type Output, type Styled } from './output.js';
import { styleStatus } from './styles.js';
import { formatAge } from './time-words.js';

interface ResultOptions extends JsonOption, PageOptions {
  readonly status?: Status;
  readonly all?: boolean;
}

/** Adds `results`, `retries` and `find`. */
export function addIngestionDetailCommands(program: Command, context: CommandContext): void {
  const { begin, ended } = context;
  addPageOptions(
    addIngestionCommand(program, 'results', 'show the data or the error of each id of an ingestion'),
  )
    .option('--status <status>', 'only ids with this status')
    .option('--all', 'write all results to standard output, one line of JSON for each id (NDJSON)')
    .action(async (id: string, options: ResultOptions) => {
      const [service, output] = await begin(options);
      await (options.all === true
        ? exportResults(service, output, id, options)
        : printResults(service, output, id, options));
      ended(EXIT.ok);
    });

  addIngestionCommand(program, 'retries', 'show the ids of an ingestion that wait for their next attempt')
    .option('-n, --limit <count>', 'the maximum number', toCount, 20)
    .action((id: string, { limit, ...options }: JsonOption & { limit: number }) => {
      const params = { path: { ingestion_id: id }, query: { limit } };
      return requestAndPrint(
        context,
        options,
        (client) => client.GET('/ingestions/{ingestion_id}/retries', { params }),
        ({ max_attempts: attempts, retries }) =>
          toTable([RETRY_HEADER, ...retries.map((retry) => toRetryRow(retry, attempts))]),
      );
    });

  program
    .command('find')
    .description('find the ingestions that contain an id, the newest first')
    .argument('<id>', 'the id', toId)
    .option('-n, --limit <count>', 'the maximum number', toCount, 20)
    .option('--after <cursor>', 'continue an earlier search')
    .addOption(jsonOption())
    .action(async (id: bigint, { json, ...query }: JsonOption & PageOptions) => {
      const [service, output] = await begin({ json });
      const params = { path: { id }, query };
      const answer = await service.unwrap(service.client.GET('/ids/{id}', { params }));
      output.print(answer, ({ found }) => toTable([FOUND_HEADER, ...found.map(toFoundRow)]));
      printNext('ingestions', answer.next, output);
      ended(answer.found.length === 0 && answer.next === null ? EXIT.notFound : EXIT.ok);
    });
}

/** Writes all results. */
async function exportResults(
  service: ApiClient,
  output: Output,
  id: string,
  { status }: ResultOptions,
): Promise<void> {
  const query = status === undefined ? '' : `?${new URLSearchParams({ status }).toString()}`;
  const path = `/ingestions/${encodeURIComponent(id)}/results${query}`;
  await writeAnswer(service, output, path, 'application/x-ndjson');
}

async function printResults(
  service: ApiClient,
  output: Output,
  id: string,
  { status, ...page }: ResultOptions,
): Promise<void> {
  const { items: results, next } = await collectPages<ResultView>(page, async (query) => {
    const params = {
      path: { ingestion_id: id },
      query: { ...query, ...(status !== undefined && { status }) },
    };
    const answer = await service.unwrap(service.client.GET('/ingestions/{ingestion_id}/results', { params }));
    return { items: answer.results, next: answer.next };
  });
  output.print({ results, next }, () => toTable([RESULT_HEADER, ...results.map(toResultRow)]));
  printNext('results', next, output);
}

const RESULT_HEADER = ['ID', 'STATUS', 'RESULT'];
/** Longer data is cut in the table; `--json` and `--all` have all of it. */
const MAX_DATA_LENGTH = 120;

function toResultRow({ id, status, data, error }: ResultView): (string | Styled)[] {
  const hasData = error === undefined && data !== undefined;
  const text = hasData ? escapeLine(stringifyExact(data)) : formatError(error);
  return [String(id), styleStatus(status), shorten(text, MAX_DATA_LENGTH)];
}

const RETRY_HEADER = ['ID', 'POSITION', 'ATTEMPT', 'NEXT', 'FAILED', 'LAST ERROR'];

function toRetryRow(retry: RetryView, attempts: number): string[] {
  const { id, position, next_attempt: attempt, last_failed_at: failedAt, last_error: error } = retry;
  return [
    String(id),
    String(position),
    `${String(attempt)} of ${String(attempts)}`,
    formatAge(retry.next_attempt_at),
    failedAt === null ? '-' : formatAge(failedAt),
    formatError(error),
  ];
}

const FOUND_HEADER = ['INGESTION', 'POSITION', 'STATUS', 'PRIORITY', 'LANE', 'CREATED', 'ERROR'];

function toFoundRow(found: FoundIdView): (string | Styled)[] {
  const { ingestion_id: id, position, status, priority, lane, created_at: createdAt, error } = found;
  return [
    id,
    String(position),
    styleStatus(status),
    priority,
    lane,
    formatAge(createdAt),
    formatError(error),
  ];
}

function toId(text: string): bigint {
  if (!/^[1-9]\d{0,19}$/.test(text)) {
    throw new InvalidArgumentError('must be an id.');
  }
  return BigInt(text);
}
