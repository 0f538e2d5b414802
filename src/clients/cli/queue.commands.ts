import { Option, type Command } from 'commander';
import type {
  HistoryPoint,
  HistoryRange,
  LaneActivityResponse,
  QueuedRunView,
  QueuesResponse,
} from '../typescript/index.js';
import type { ApiClient } from './api-client.js';
import { EXIT } from './cli-error.js';
import { jsonOption, requestAndPrint, type CommandContext, type JsonOption } from './command-context.js';
import { toCount } from './option-values.js';
import { formatError, toTable } from './output.js';
import { formatQueues } from './queue.formatter.js';
import { formatAge, formatDuration } from './time-words.js';

const RANGES: readonly HistoryRange[] = ['hour', 'day', 'week', 'month'];
const MAX_IDS_SHOWN = 10;

/** Adds `queue show`, `queue next`, `queue activity`, `pause`, `resume` and `history`. */
export function addQueueCommands(program: Command, context: CommandContext): void {
  const queue = program.command('queue').description('show what holds each lane, and what is sent next');
  queue
    .command('show', { isDefault: true })
    .description('show what holds each lane, until when, and its pending ids')
    .addOption(jsonOption())
    .action(async (options: JsonOption) => {
      const [service, output] = await context.begin(options);
      const queues = await service.unwrap(service.client.GET('/queue'));
      const pausedBy = output.isJson ? new Map<string, string>() : await findWhoPaused(service, queues);
      output.print(queues, (answer) => formatQueues(answer, pausedBy));
      context.ended(EXIT.ok);
    });
  queue
    .command('next')
    .description('show the ids that are sent next, in their order')
    .option('-l, --lane <lane>', 'the lane (default)')
    .option('-n, --limit <count>', 'the maximum number of ids', toCount, 20)
    .addOption(jsonOption())
    .action(({ json, ...query }: JsonOption & { lane?: string; limit: number }) =>
      requestAndPrint(
        context,
        { json },
        (client) => client.GET('/queue/next', { params: { query } }),
        ({ next }) => toTable([['INGESTION', 'PRIORITY', 'RETRY', 'IDS'], ...next.map(toRunRow)]),
      ),
    );
  queue
    .command('activity')
    .description('show the calls, the oldest pending ids and the last error of each lane')
    .addOption(jsonOption())
    .action((options: JsonOption) =>
      requestAndPrint(
        context,
        options,
        (client) => client.GET('/queue/activity'),
        ({ lanes }) => toTable([ACTIVITY_HEADER, ...Object.entries(lanes).map(toActivityRow)]),
      ),
    );
  addSwitchCommand(program, context, 'pause', 'stop dispatching');
  addSwitchCommand(program, context, 'resume', 'start dispatching again');
  program
    .command('history')
    .description('show what was sent, what came of it and what was pending, step by step')
    .addOption(
      new Option('-r, --range <range>', 'the time up to now')
        .choices(RANGES)
        .default('hour' satisfies HistoryRange),
    )
    .option('-l, --lane <lane>', 'only this lane')
    .addOption(jsonOption())
    .action(({ json, ...query }: JsonOption & { range: HistoryRange; lane?: string }) =>
      requestAndPrint(
        context,
        { json },
        (client) => client.GET('/history', { params: { query } }),
        ({ points }) => toTable([HISTORY_HEADER, ...points.map(toHistoryRow)]),
      ),
    );
}

/** Returns who paused each paused lane, as the audit log says: a client, or the address of a request without a key. */
async function findWhoPaused(service: ApiClient, { lanes }: QueuesResponse): Promise<Map<string, string>> {
  const paused = Object.entries(lanes).filter(([, queue]) => queue.paused);
  const found = await Promise.all(
    paused.map(async ([lane]): Promise<[string, string][]> => {
      const params = { query: { action: 'pause_lane' as const, lane, limit: 1 } };
      const { data } = await service.send(service.client.GET('/audit', { params }));
      const [entry] = data?.entries ?? []; // none from a service of an older release
      const who = entry?.client ?? entry?.address ?? null;
      return who === null ? [] : [[lane, who]];
    }),
  );
  return new Map(found.flat());
}

function addSwitchCommand(
  program: Command,
  context: CommandContext,
  name: 'pause' | 'resume',
  description: string,
): void {
  program
    .command(name)
    .description(description)
    .option('-l, --lane <lane>', 'only this lane')
    .addOption(jsonOption())
    .action(({ lane, ...options }: JsonOption & { lane?: string }) => {
      const params = lane === undefined ? {} : { query: { lane } };
      return requestAndPrint(
        context,
        options,
        (client) => client.POST(`/queue/${name}`, { params }),
        (queues) => formatQueues(queues),
      );
    });
}

function toRunRow({ ingestion_id: id, priority, retry, ids }: QueuedRunView): string[] {
  const more = ids.length > MAX_IDS_SHOWN ? ` and ${String(ids.length - MAX_IDS_SHOWN)} more` : '';
  return [id, priority, retry ? 'yes' : '-', `${ids.slice(0, MAX_IDS_SHOWN).join(' ')}${more}`];
}

const ACTIVITY_HEADER = ['LANE', 'CALLS/MIN', 'OLDEST', 'FAILED', 'LAST ERROR'];

function toActivityRow([lane, activity]: [string, LaneActivityResponse]): string[] {
  const { dispatches_last_minute: calls, oldest_pending_seconds: oldest, last_error: error } = activity;
  return [
    lane,
    String(calls),
    oldest === null ? '-' : formatDuration(oldest),
    error === null ? '-' : formatAge(error.at),
    formatError(error),
  ];
}

const HISTORY_HEADER = ['FROM', 'CALLS', 'IDS', 'COMPLETED', 'RETRIED', 'FAILED', 'MEAN', 'MAX', 'PENDING'];

function toHistoryRow(point: HistoryPoint): string[] {
  const { high, medium, low, retries } = point.waiting;
  const { dispatches, ids_sent: ids, completed, retried, failed } = point;
  return [
    formatAge(point.at),
    ...[dispatches, ids, completed, retried, failed].map(String),
    ...[point.latency_mean_ms, point.latency_max_ms].map((ms) =>
      ms === null ? '-' : `${String(Math.round(ms))} ms`,
    ),
    String(high + medium + low + retries),
  ];
}
