import { Option, type Command } from 'commander';
import { escapeLine } from '../../domain/printable-text.js';
import type { DeadLetterFilter, DeadLetterGroupView, DeadLetterView } from '../typescript/index.js';
import type { ApiClient } from './api-client.js';
import { EXIT } from './cli-error.js';
import {
  addPageOptions,
  collectPages,
  printNext,
  writeAnswer,
  type CommandContext,
  type PageOptions,
} from './command-context.js';
import { addLabel } from './option-values.js';
import { joinTexts, toTable, type Output } from './output.js';
import { formatAge } from './time-words.js';

type Filter = Omit<DeadLetterFilter, 'limit'>;

interface FilterOptions {
  readonly json?: boolean;
  readonly ingestion?: string;
  readonly lane?: string;
  readonly kind?: DeadLetterFilter['kind'];
  readonly message?: string;
  readonly upstreamStatus?: number;
  readonly label?: string[];
  readonly client?: string;
  readonly failedFrom?: string;
  readonly failedBefore?: string;
}

const FORMATS = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const;

/** Adds the commands of dead letters: `dead-letters`, `dead-letters counts` and `dead-letters export`. */
export function addDeadLetterCommands(program: Command, { begin, ended }: CommandContext): void {
  const group = program
    .command('dead-letters')
    .description('show, count and export the ids that failed for good');
  addPageOptions(withFilters(group.command('list', { isDefault: true })))
    .description('show dead letters, the newest first')
    .option('--json', 'one line of JSON')
    .action(async (options: FilterOptions & PageOptions) => {
      const [service, output] = await begin(options);
      await list(service, output, options);
      ended(EXIT.ok);
    });
  withFilters(group.command('counts'))
    .description('count dead letters, in all and by error')
    .option('--json', 'one line of JSON')
    .action(async (options: FilterOptions) => {
      const [service, output] = await begin(options);
      const params = { query: toFilter(options) };
      const counts = await service.unwrap(service.client.GET('/dead-letters/counts', { params }));
      output.print(counts, ({ total_ids: ids, total_ingestions: lists, groups }) =>
        joinTexts(
          [
            toTable([GROUP_HEADER, ...groups.map(toGroupRow)]),
            `${String(ids)} dead letters of ${String(lists)} lists`,
          ],
          '\n',
        ),
      );
      ended(EXIT.ok);
    });
  withFilters(group.command('export'))
    .description('write all that match to standard output')
    .addOption(new Option('--format <format>', 'the format').choices(Object.keys(FORMATS)).default('csv'))
    .action(async ({ format, ...options }: FilterOptions & { format: keyof typeof FORMATS }) => {
      const [service, output] = await begin(options);
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(toFilter(options))) {
        [value].flat().forEach((text) => {
          query.append(name, String(text));
        });
      }
      await writeAnswer(service, output, `/dead-letters?${query.toString()}`, FORMATS[format]);
      ended(EXIT.ok);
    });
}

function withFilters(command: Command): Command {
  return command
    .option('--ingestion <id>', 'only those of this list')
    .option('-l, --lane <lane>', 'only those of this lane')
    .option('--kind <kind>', 'only those whose last error is of this kind')
    .option('--message <message>', 'only those whose last error has exactly this message')
    .option('--upstream-status <status>', 'only those whose last response had this HTTP status', Number)
    .option(
      '--label <name=value>',
      'only those of lists with this label; repeat it for all of several',
      addLabel,
    )
    .option('--client <client>', 'only those of this client')
    .option('--failed-from <time>', 'only ids that failed at this time or later')
    .option('--failed-before <time>', 'only ids that failed before this time');
}

function toFilter(options: FilterOptions): Filter {
  const { ingestion, lane, kind, message, upstreamStatus, label, client, failedFrom, failedBefore } = options;
  return {
    ...(ingestion !== undefined && { ingestion_id: ingestion }),
    ...(lane !== undefined && { lane }),
    ...(kind !== undefined && { kind }),
    ...(message !== undefined && { message }),
    ...(upstreamStatus !== undefined && { upstream_status: upstreamStatus }),
    ...(label !== undefined && { label }),
    ...(client !== undefined && { client }),
    ...(failedFrom !== undefined && { failed_from: failedFrom }),
    ...(failedBefore !== undefined && { failed_before: failedBefore }),
  };
}

async function list(service: ApiClient, output: Output, options: FilterOptions & PageOptions): Promise<void> {
  const { items: letters, next } = await collectPages<DeadLetterView>(options, async (page) => {
    const query = { ...toFilter(options), ...page };
    const answer = await service.unwrap(service.client.GET('/dead-letters', { params: { query } }));
    return { items: answer.dead_letters, next: answer.next };
  });
  output.print({ dead_letters: letters, next }, () => toTable([HEADER, ...letters.map(toRow)]));
  printNext('dead letters', next, output);
}

const HEADER = ['FAILED', 'INGESTION', 'POSITION', 'ID', 'LANE', 'KIND', 'STATUS', 'MESSAGE'];

function toRow(letter: DeadLetterView): string[] {
  const { died_at: failedAt, ingestion_id: ingestionId, position, id, lane, error } = letter;
  const status = letter.upstream_status === null ? '-' : String(letter.upstream_status);
  return [
    formatAge(failedAt),
    ingestionId,
    String(position),
    String(id),
    lane,
    error.kind,
    status,
    escapeLine(error.message),
  ];
}

const GROUP_HEADER = ['IDS', 'LISTS', 'LANE', 'KIND', 'STATUS', 'FIRST', 'LAST', 'MESSAGE'];

function toGroupRow({ ids, ingestions, lane, kind, message, ...group }: DeadLetterGroupView): string[] {
  return [
    String(ids),
    String(ingestions),
    lane,
    kind,
    group.upstream_status === null ? '-' : String(group.upstream_status),
    formatAge(group.first_failed_at),
    formatAge(group.last_failed_at),
    message === null ? '(other messages)' : escapeLine(message),
  ];
}
