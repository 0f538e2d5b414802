import { EXIT, type ExitCode } from './cli-error.js';
import { follow } from './watch-ingestion.js';
import type { Output } from './output.js';
import { viewOn } from './progress-display.js';
import type { Service } from './api-client.js';
import { exitCodeOf } from './ingestion-status.js';

/** Shows how an ingestion stands until it is over. */
export async function watch(
  service: Service,
  ingestionId: string,
  { out, isJson }: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const view = viewOn(out, isJson);
  let exitCode: ExitCode = EXIT.ok;
  try {
    for await (const standing of follow(service, ingestionId, signal)) {
      view.show(standing);
      exitCode = exitCodeOf(standing);
    }
  } finally {
    view.end();
  }
  return exitCode;
}
