import type { PlannedRequest } from './plan.ts';

export interface BatchView {
  readonly ids: readonly number[];
  readonly status: string;
}

export interface StatusView {
  readonly status: string;
  readonly batches: readonly BatchView[];
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed']);

export function hasEnded({ status }: { readonly status: string }): boolean {
  return ENDED.has(status);
}

/** Submits a list; resolves with its `ingestion_id`. */
export async function ingest(url: string, { ids, priority }: PlannedRequest): Promise<string> {
  const response = await fetch(new URL('/ingest', url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ids, priority }),
  });
  const answer = await readOk(response);
  return (answer as { ingestion_id: string }).ingestion_id;
}

export async function readStatus(url: string, ingestionId: string): Promise<StatusView> {
  return (await readOk(await fetch(new URL(`/status/${ingestionId}`, url)))) as StatusView;
}

async function readOk(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`the gate answered ${String(response.status)}: ${text}`);
  }
  return JSON.parse(text);
}
