import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
  collectPages,
  jsonOption,
  printNext,
  requestAndPrint,
  type CommandContext,
  type JsonOption,
} from './command-context.js';
import { toCount } from './option-values.js';
import { toTable, type Output, type Styled } from './output.js';
import { styleStatus } from './styles.js';
import { formatAge } from './time-words.js';

interface ResultOptions extends JsonOption {
  readonly limit: number;
  readonly after?: string;
  readonly status?: Status;
  readonly all?: boolean;
}

/** Adds `results`, `retries` and `find`. */
export function addIngestionDetailCommands(program: Command, context: CommandContext): void {
  const { begin, ended } = context;
  addIngestionCommand(program, 'results', 'show the data or the error of each id of an ingestion')
    .option('-n, --limit <count>', 'the maximum number', toCount, 20)
    .option('--after <cursor>', 'continue after an earlier page')
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
    .action(async (id: bigint, { json, ...query }: JsonOption & { limit: number; after?: string }) => {
      const [service, output] = await begin(json === undefined ? {} : { json });
      const params = { path: { id }, query };
      const answer = await service.unwrap(service.client.GET('/ids/{id}', { params }));
      output.print(answer, ({ found }) => toTable([FOUND_HEADER, ...found.map(toFoundRow)]));
      printNext('ingestions', answer.next, output);
      ended(answer.found.length === 0 && answer.next === null ? EXIT.notFound : EXIT.ok);
    });
}

/** Writes all results as the service sends them, with little memory. */
async function exportResults(
  service: ApiClient,
  output: Output,
  id: string,
  { status }: ResultOptions,
): Promise<void> {
  const query = status === undefined ? '' : `?${new URLSearchParams({ status }).toString()}`;
  const path = `/ingestions/${encodeURIComponent(id)}/results${query}`;
  const { body } = await service.fetch(path, { headers: { Accept: 'application/x-ndjson' } });
  if (body !== null) {
    await service.send(pipeline(Readable.fromWeb(body), output.out, { end: false }));
  }
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
  const text =
    error === undefined
      ? data === undefined
        ? '-'
        : stringifyExact(data)
      : `${error.kind}: ${error.message}`;
  const line = escapeLine(text);
  return [String(id), styleStatus(status), shorten(line, MAX_DATA_LENGTH)];
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
    error === null ? '-' : escapeLine(`${error.kind}: ${error.message}`),
  ];
}

const FOUND_HEADER = ['INGESTION', 'POSITION', 'STATUS', 'PRIORITY', 'LANE', 'CREATED', 'ERROR'];

function toFoundRow(found: FoundIdView): (string | Styled)[] {
  const { ingestion_id: id, position, status, priority, lane, created_at: createdAt, error } = found;
  const message = error === undefined ? '-' : escapeLine(`${error.kind}: ${error.message}`);
  return [id, String(position), styleStatus(status), priority, lane, formatAge(createdAt), message];
}

function toId(text: string): bigint {
  if (!/^[1-9]\d{0,19}$/.test(text)) {
    throw new InvalidArgumentError('must be an id.');
  }
  return BigInt(text);
}
