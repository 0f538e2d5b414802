import { escapeLine } from '../../domain/printable-text.js';
import type { IngestionSummary, Priority, Status } from '../typescript/index.js';
import { toTable, type Output } from './output.js';
import type { ApiClient } from './api-client.js';
import { settledCount } from './ingestion-status.js';

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

interface FoundIngestions {
  readonly ingestions: IngestionSummary[];
  readonly next: string | null;
}

/** Prints ingestions, the newest first. */
export async function list(apiClient: ApiClient, options: ListOptions, output: Output): Promise<void> {
  const foundIngestions = await fetchIngestions(apiClient, options);
  output.print(foundIngestions, ({ ingestions }) => toTable([HEADER, ...ingestions.map(toRow)]));
  if (foundIngestions.next !== null && !output.isJson) {
    process.stderr.write(`more lists: use --after ${escapeLine(foundIngestions.next)}\n`);
  }
}

/** Fetches pages until `limit` is reached: a page of the service may be short although others follow. */
async function fetchIngestions(
  apiClient: ApiClient,
  { after, limit, since, ...filter }: ListOptions,
): Promise<FoundIngestions> {
  const ingestions: IngestionSummary[] = [];
  const period = since === undefined ? {} : { created_from: new Date(Date.now() - since).toISOString() };
  let next = after;
  do {
    const query = {
      ...filter,
      ...period,
      limit: limit - ingestions.length,
      ...(next !== undefined && { after: next }),
    };
    const page = await apiClient.unwrap(apiClient.client.GET('/ingestions', { params: { query } }));
    ingestions.push(...page.ingestions);
    next = page.next ?? undefined;
  } while (next !== undefined && ingestions.length < limit);
  return { ingestions, next: next ?? null };
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
}: IngestionSummary): string[] {
  const { total, failed } = progress;
  return [
    id,
    priority,
    status,
    String(total),
    String(settledCount(progress)),
    String(failed),
    createdAt,
    lane,
    client ?? '-',
  ];
}
