import type { Logger } from '@nestjs/common';
import { FailureLog } from '../logging/failure-log.js';

/** The place in the code that a defect comes from is one of its kinds; there are few, but nobody promises it. */
const MAX_KINDS = 100;
const INTERNAL_ERROR = 500;

/** The log of requests that were answered with a status from 500 on: failures of one kind share their lines. */
export class RequestFailures {
  private readonly byKind = new Map<string, FailureLog>();

  constructor(private readonly logger: Logger) {}

  of(error: unknown, status: number): FailureLog {
    const kind = this.byKind.size < MAX_KINDS ? toKind(error, status) : String(status);
    let failures = this.byKind.get(kind);
    if (failures === undefined) {
      failures = new FailureLog(
        this.logger,
        status === INTERNAL_ERROR ? 'error' : 'warn',
        `answers with ${String(status)}`,
      );
      this.byKind.set(kind, failures);
    }
    return failures;
  }
}

/** Defects are told apart by where they arise, so that one never hides another. */
function toKind(error: unknown, status: number): string {
  const name = error instanceof Error ? error.name : typeof error;
  const origin = status === INTERNAL_ERROR && error instanceof Error ? placeOf(error) : '';
  return `${String(status)} ${name} ${origin}`;
}

function placeOf({ stack = '' }: Error): string {
  return /^ +at .*$/m.exec(stack)?.[0] ?? '';
}
