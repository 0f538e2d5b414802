import type { AuditEntryView, AuditFilter } from '../typescript/index.js';
import { toTable, type Output } from './output.js';
import type { ApiClient } from './api-client.js';
import { printNext } from './command-context.js';
import { formatMoment } from './time-words.js';

export type AuditOptions = AuditFilter & { readonly after?: string };

/** Prints entries of the audit log, the newest first. */
export async function listAudit(apiClient: ApiClient, query: AuditOptions, output: Output): Promise<void> {
  const page = await apiClient.unwrap(apiClient.client.GET('/audit', { params: { query } }));
  output.print(page, ({ entries }) => toTable([HEADER, ...entries.map(toRow)]));
  printNext('entries', page.next, output);
}

const HEADER = ['AT', 'ACTION', 'CLIENT', 'ADDRESS', 'LANE', 'TARGET', 'AFFECTED', 'CHANGE'];

function toRow({
  at,
  action,
  client,
  address,
  lane,
  target,
  affected,
  from,
  to,
  filter,
}: AuditEntryView): string[] {
  const change = from === null && to === null ? filter : { from, to };
  return [
    formatMoment(at),
    action,
    client ?? '-',
    address ?? '-',
    lane ?? '-',
    target ?? '-',
    affected === null ? '-' : String(affected),
    change === null ? '-' : JSON.stringify(change),
  ];
}
