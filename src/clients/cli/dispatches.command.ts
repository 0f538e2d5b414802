import type { Command } from 'commander';
import type { DispatchOutcome, DispatchView, IngestionDispatch } from '../typescript/index.js';
import { CliError, EXIT } from './cli-error.js';
import {
  addPageOptions,
  collectPages,
  jsonOption,
  printNext,
  type CommandContext,
  type JsonOption,
  type PageOptions,
} from './command-context.js';
import { formatError, toTable, type Style, type Styled } from './output.js';
import { styleBy } from './styles.js';
import { formatAge } from './time-words.js';

interface DispatchOptions extends JsonOption, PageOptions {
  readonly lane?: string;
}

/** Adds `dispatches`: the calls of all lanes, of one lane or of one ingestion. */
export function addDispatchesCommand(program: Command, { begin, ended }: CommandContext): void {
  addPageOptions(program.command('dispatches'))
    .description('show the calls to the upstream, the newest first; of one ingestion with their attempts')
    .argument('[ingestion_id]')
    .option('-l, --lane <lane>', 'only those of this lane')
    .addOption(jsonOption())
    .action(async (id: string | undefined, { lane, ...options }: DispatchOptions) => {
      if (id !== undefined && lane !== undefined) {
        throw new CliError('give either an ingestion_id or --lane', EXIT.usage);
      }
      const [service, output] = await begin(options);
      const { client } = service;
      const { items: dispatches, next } = await collectPages<DispatchView | IngestionDispatch>(
        options,
        async (query) => {
          const page = await (id === undefined
            ? service.unwrap(
                client.GET('/dispatches', {
                  params: { query: { ...query, ...(lane !== undefined && { lane }) } },
                }),
              )
            : service.unwrap(
                client.GET('/ingestions/{ingestion_id}/dispatches', {
                  params: { path: { ingestion_id: id }, query },
                }),
              ));
          return { items: page.dispatches, next: page.next };
        },
      );
      output.print({ dispatches, next }, () => toTable([HEADER, ...dispatches.map(toRow)]));
      printNext('dispatches', next, output);
      ended(EXIT.ok);
    });
}

const HEADER = ['STARTED', 'DURATION', 'OUTCOME', 'LANE', 'ATTEMPT', 'IDS', 'COMPLETED', 'ERROR'];
const STYLES: Readonly<Record<DispatchOutcome, Style>> = {
  in_flight: 'cyan',
  settled: 'green',
  lapsed: 'yellow',
  released: 'yellow',
};

function toRow(dispatch: DispatchView | IngestionDispatch): (string | Styled)[] {
  const { started_at: startedAt, duration_ms: duration, outcome, lane, parts } = dispatch;
  const ids = parts.flatMap((part) => part.ids);
  const attempts = [...new Set(parts.map(({ attempt }) => attempt))].sort((a, b) => a - b);
  const completed = 'counts' in dispatch ? dispatch.counts.completed : dispatch.completed;
  const error = parts.flatMap((part) => part.errors)[0];
  const hasErrors = outcome === 'settled' && error !== undefined;
  return [
    formatAge(startedAt),
    duration === null ? '-' : `${String(duration)} ms`,
    hasErrors ? { text: outcome, style: 'red' } : styleBy(STYLES, outcome),
    lane,
    attempts.join(',') || '-',
    String(ids.length),
    String(completed),
    formatError(error),
  ];
}
