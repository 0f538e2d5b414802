import { EXIT, type ExitCode } from './cli-error.js';
import { watchIngestion } from './watch-ingestion.js';
import type { Output } from './output.js';
import { createProgressDisplay } from './progress-display.js';
import type { ApiClient } from './api-client.js';
import { toExitCode } from './ingestion-status.js';

/** Shows how an ingestion stands until it is over. */
export async function watch(
  apiClient: ApiClient,
  ingestionId: string,
  { out, isJson }: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const view = createProgressDisplay(out, isJson);
  let exitCode: ExitCode = EXIT.ok;
  try {
    for await (const standing of watchIngestion(apiClient, ingestionId, signal)) {
      view.show(standing);
      exitCode = toExitCode(standing);
    }
  } finally {
    view.end();
  }
  return exitCode;
}
