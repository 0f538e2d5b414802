import type { IngestionSummary, Priority, Status } from '../typescript/index.js';
import { toTable, type Output } from './output.js';
import type { Service } from './api-client.js';
import { endedIds } from './ingestion-status.js';

export interface ListOptions {
  readonly limit: number;
  readonly after?: string;
  readonly status?: Status;
  readonly priority?: Priority;
  readonly lane?: string;
}

interface Found {
  readonly ingestions: IngestionSummary[];
  readonly next: string | null;
}

/** Shows ingestions, the newest first. */
export async function list(service: Service, options: ListOptions, output: Output): Promise<void> {
  const found = await find(service, options);
  output.show(found, ({ ingestions }) => toTable([HEADER, ...ingestions.map(toRow)]));
  if (found.next !== null && !output.isJson) {
    process.stderr.write(`there are more: --after ${found.next}\n`);
  }
}

/** As many as are wanted: a page of the service may be short while others follow. */
async function find(service: Service, { after, limit, ...filter }: ListOptions): Promise<Found> {
  const ingestions: IngestionSummary[] = [];
  let next = after;
  do {
    const query = { ...filter, limit: limit - ingestions.length, ...(next !== undefined && { after: next }) };
    const page = await service.ask(service.client.GET('/ingestions', { params: { query } }));
    ingestions.push(...page.ingestions);
    next = page.next ?? undefined;
  } while (next !== undefined && ingestions.length < limit);
  return { ingestions, next: next ?? null };
}

const HEADER = ['INGESTION', 'PRIORITY', 'STATUS', 'IDS', 'DONE', 'FAILED', 'CREATED'];

function toRow({
  ingestion_id: id,
  priority,
  status,
  progress,
  created_at: createdAt,
}: IngestionSummary): string[] {
  const { total, failed } = progress;
  return [id, priority, status, String(total), String(endedIds(progress)), String(failed), createdAt];
}
