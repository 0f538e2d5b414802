import { EXIT, type ExitCode } from './cli-error.js';
import { watchIngestion } from './watch-ingestion.js';
import type { Output } from './output.js';
import { createProgressDisplay } from './progress-display.js';
import type { ApiClient } from './api-client.js';
import { toExitCode } from './ingestion-status.js';

/** Shows the progress of an ingestion until it is terminal. */
export async function watch(
  apiClient: ApiClient,
  ingestionId: string,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const view = createProgressDisplay(output);
  let exitCode: ExitCode = EXIT.ok;
  try {
    for await (const status of watchIngestion(apiClient, ingestionId, signal)) {
      view.show(status);
      exitCode = toExitCode(status);
    }
  } finally {
    view.end();
  }
  return exitCode;
}
