import type { IngestionSummary, Priority, Status } from '../typescript/index.js';
import type { ApiClient } from './api-client.js';
import { collectPages, printNext } from './command-context.js';
import { settledCount } from './ingestion-status.js';
import { toTable, type Output, type Styled } from './output.js';
import { styleStatus } from './styles.js';
import { formatAge } from './time-words.js';

export interface ListOptions {
  readonly limit: number;
  readonly after?: string;
  readonly status?: Status;
  readonly priority?: Priority;
  readonly lane?: string;
  readonly client?: string;
  /** Milliseconds: only ingestions accepted within this time up to now. */
  readonly since?: number;
  /** Each is `name=value`. */
  readonly label?: string[];
}

/** Prints ingestions, the newest first. */
export async function list(
  apiClient: ApiClient,
  { limit, after, since, ...filter }: ListOptions,
  output: Output,
): Promise<void> {
  const period = since === undefined ? {} : { created_from: new Date(Date.now() - since).toISOString() };
  const pages = { limit, ...(after !== undefined && { after }) };
  const { items: ingestions, next } = await collectPages<IngestionSummary>(pages, async (page) => {
    const query = { ...filter, ...period, ...page };
    const answer = await apiClient.unwrap(apiClient.client.GET('/ingestions', { params: { query } }));
    return { items: answer.ingestions, next: answer.next };
  });
  output.print({ ingestions, next }, () => toTable([HEADER, ...ingestions.map(toRow)]));
  printNext('lists', next, output);
}

const HEADER = ['INGESTION', 'PRIORITY', 'STATUS', 'IDS', 'DONE', 'FAILED', 'CREATED', 'LANE', 'CLIENT'];

function toRow({
  ingestion_id: id,
  priority,
  status,
  progress,
  created_at: createdAt,
  lane,
  client,
}: IngestionSummary): (string | Styled)[] {
  const { total, failed } = progress;
  return [
    id,
    priority,
    styleStatus(status),
    String(total),
    String(settledCount(progress)),
    String(failed),
    formatAge(createdAt),
    lane,
    client ?? '-',
  ];
}
