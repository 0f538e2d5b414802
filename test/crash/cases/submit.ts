import { toRequest } from '../client.ts';
import { ask } from '../http-client.ts';
import type { Ledger, Submission } from '../ledger.ts';

/** Submits one list to a service that has no reason to refuse it. */
export async function submit(url: string, ledger: Ledger, submission: Submission): Promise<void> {
  const { status, text } = await ask(toRequest(submission, url));
  if (status !== 200) {
    throw new Error(`a list is refused: ${String(status)} ${text}`);
  }
  ledger.acknowledge(submission, (JSON.parse(text) as { ingestion_id: string }).ingestion_id, false);
}
