interface DispatchView {
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly parts: readonly { readonly ingestion_id: string; readonly ids: readonly unknown[] }[];
}

/** The part of a dispatch that belongs to one ingestion. */
export interface Carried {
  readonly ingestionId: string;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly ids: number;
}

const PAGE = 500;

/** Reads all dispatches, the first one first. */
export async function readTimeline(url: string): Promise<Carried[]> {
  const carried: Carried[] = [];
  let after: string | null = '';
  while (after !== null) {
    const query = `limit=${String(PAGE)}${after === '' ? '' : `&after=${after}`}`;
    const response = await fetch(`${url}/dispatches?${query}`);
    const page = (await response.json()) as { dispatches: DispatchView[]; next: string | null };
    for (const { started_at: start, ended_at: end, parts } of page.dispatches) {
      for (const { ingestion_id: ingestionId, ids } of parts) {
        const [startedMs, endedMs] = [Date.parse(start), Date.parse(end ?? '')];
        carried.push({ ingestionId, startedMs, endedMs, ids: ids.length });
      }
    }
    after = page.next;
  }
  return carried.reverse();
}
