import { unpackBigIntIds } from '../../src/domain/packed-ids.js';
import type { Status } from '../../src/domain/batch-status.js';
import { SystemRuntime } from '../../src/domain/system-runtime.js';
import { ResultService } from '../../src/ingestion/results/result.service.js';
import type { OpenStore } from './stores.js';
import { schedulerOptions } from '../support/options.js';

/** One id and its outcome, in the form that tests compare. */
export interface ShownResult {
  readonly id: bigint | undefined;
  readonly status: Status;
  readonly dataJson?: string;
  readonly error?: string;
}

export interface ShownPage {
  readonly results: readonly ShownResult[];
  readonly next: number | null;
}

export async function pageOf(
  { ingestions, results }: OpenStore,
  ingestionId: string,
  { from = 0, limit = 1000, status }: { from?: number; limit?: number; status?: Status } = {},
): Promise<ShownPage> {
  const page = await new ResultService(ingestions, results, schedulerOptions(), new SystemRuntime()).page(
    ingestionId,
    from,
    limit,
    status,
  );
  return {
    results: page.results.map(({ packedId, status: its, dataJson, error }) => ({
      id: unpackBigIntIds(packedId)[0],
      status: its,
      ...(dataJson !== undefined && { dataJson }),
      ...(error && { error: error.message }),
    })),
    next: page.next,
  };
}

/** Reads all results, page by page. */
export async function resultsOf(
  store: OpenStore,
  ingestionId: string,
  limit = 1000,
  status?: Status,
): Promise<ShownResult[]> {
  const shown: ShownResult[] = [];
  for (let from: number | null = 0; from !== null;) {
    const page: ShownPage = await pageOf(store, ingestionId, { from, limit, ...(status && { status }) });
    shown.push(...page.results);
    from = page.next;
  }
  return shown;
}
