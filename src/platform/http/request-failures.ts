import type { Logger } from '@nestjs/common';
import { FailureLog } from '../logging/failure-log.js';
import type { Runtime } from '../../domain/runtime.js';

/** A defect's kind includes its place in the code. Places are few, but not bounded, so this is the limit. */
const MAX_KINDS = 100;
const INTERNAL_ERROR = 500;

/** Logs requests that were answered with a status from 500 on. Failures of one kind share their lines. */
export class RequestFailures {
  private readonly byKind = new Map<string, FailureLog>();

  constructor(
    private readonly runtime: Runtime,
    private readonly logger: Logger,
  ) {}

  of(error: unknown, status: number): FailureLog {
    const kind = this.byKind.size < MAX_KINDS ? toKind(error, status) : String(status);
    let failures = this.byKind.get(kind);
    if (failures === undefined) {
      failures = new FailureLog(
        this.runtime,
        this.logger,
        status === INTERNAL_ERROR ? 'error' : 'warn',
        `answers with ${String(status)}`,
      );
      this.byKind.set(kind, failures);
    }
    return failures;
  }
}

/** Returns the kind of a failure. Defects differ by their origin, so that one never hides another. */
function toKind(error: unknown, status: number): string {
  const name = error instanceof Error ? error.name : typeof error;
  const origin = status === INTERNAL_ERROR && error instanceof Error ? placeOf(error) : '';
  return `${String(status)} ${name} ${origin}`;
}

function placeOf({ stack = '' }: Error): string {
  return /^ +at .*$/m.exec(stack)?.[0] ?? '';
}
