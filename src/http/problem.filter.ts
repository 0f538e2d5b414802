import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { BackupFailedError, BackupUnderWayError, NoBackupsError } from '../backup/backup-errors.js';
import { NotReadyError } from '../health/readiness.js';
import {
  IdempotencyConflictError,
  IngestionOverError,
  UnknownIngestionError,
} from '../ingestion/ingestion-errors.js';
import { BadLineError, TooManyIdsError, UnusableListError } from '../ingestion/stream/stream-errors.js';
import { BeyondWaitingCapError, WaitingCapError } from '../ingestion/waiting-cap.js';
import { DrainingError } from '../lifecycle/draining-error.js';
import { RateLimitError } from '../rate-limit/rate-limit-error.js';
import { IssuerUnavailableError, TooManyChecksError } from '../security/authenticator.js';
import { StoreLostError, StoreUnavailableError } from '../storage/store-errors.js';
import { CallbackRefusedError } from '../webhooks/callback-errors.js';
import { AllowedMethods } from './allowed-methods.js';
import { RequestFailures } from './request-failures.js';
import { HttpProblem, PROBLEM_CONTENT_TYPE } from './problem.js';

const RETRY_AFTER_STORE_SECONDS = '1';
const RETRY_AFTER_CHECK_SECONDS = '1';
const RETRY_AFTER_DRAINING_SECONDS = '5';

/** The one place where errors become answers. What it does not know is a defect: logged whole, answered bare. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly failures = new RequestFailures(new Logger('Http'));

  constructor(private readonly allowedMethods: AllowedMethods) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const problem = this.toProblem(error, request);
    if (problem.status >= 500) {
      this.log(problem, error, request);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (!request.complete && hasBody(request)) {
      response.set('Connection', 'close');
    }
    response
      .status(problem.status)
      .set(problem.headers)
      .type(PROBLEM_CONTENT_TYPE)
      .send(JSON.stringify(problem.toBody()));
  }

  private toProblem(error: unknown, request: Request): HttpProblem {
    if (error instanceof HttpProblem) {
      return error;
    }
    if (error instanceof UnknownIngestionError) {
      return new HttpProblem(404, error.message);
    }
    if (error instanceof CallbackRefusedError) {
      return HttpProblem.ofFields(400, [{ field: 'callback_url', message: error.message }]);
    }
    if (error instanceof IngestionOverError) {
      return new HttpProblem(409, error.message);
    }
    if (error instanceof BackupUnderWayError) {
      return new HttpProblem(409, error.message);
    }
    if (error instanceof NoBackupsError) {
      return new HttpProblem(501, error.message);
    }
    if (error instanceof BackupFailedError) {
      return unavailable(error.message, RETRY_AFTER_STORE_SECONDS);
    }
    if (error instanceof IdempotencyConflictError) {
      return new HttpProblem(422, error.message);
    }
    if (error instanceof BadLineError) {
      return HttpProblem.ofFields(400, [{ field: error.field, message: error.reason }]);
    }
    if (error instanceof UnusableListError) {
      return new HttpProblem(400, error.message);
    }
    if (error instanceof WaitingCapError || error instanceof RateLimitError) {
      return new HttpProblem(429, error.message, [], { 'Retry-After': String(error.retryAfterSeconds) });
    }
    if (error instanceof TooManyIdsError || error instanceof BeyondWaitingCapError) {
      return new HttpProblem(413, error.message);
    }
    if (error instanceof StoreUnavailableError) {
      const reason = error instanceof StoreLostError ? error.reason : 'the store is unavailable';
      return unavailable(reason, RETRY_AFTER_STORE_SECONDS);
    }
    if (error instanceof NotReadyError) {
      return new HttpProblem(503, error.message, error.failures, {
        'Retry-After': RETRY_AFTER_STORE_SECONDS,
      });
    }
    if (error instanceof DrainingError) {
      return unavailable(error.message, RETRY_AFTER_DRAINING_SECONDS);
    }
    if (error instanceof TooManyChecksError || error instanceof IssuerUnavailableError) {
      return unavailable(error.message, RETRY_AFTER_CHECK_SECONDS);
    }
    if (error instanceof NotFoundException || isMalformed(request.path)) {
      return this.notFound(request);
    }
    return ofOtherHttpError(error) ?? new HttpProblem(500, 'internal error');
  }

  private notFound(request: Request): HttpProblem {
    const allowed = this.allowedMethods.of(request.path);
    return allowed.length === 0 || allowed.includes(request.method)
      ? new HttpProblem(404, 'not found')
      : new HttpProblem(405, `${request.method} is not allowed here`, [], { Allow: allowed.join(', ') });
  }

  private log(problem: HttpProblem, error: unknown, request: Request): void {
    this.failures
      .of(error, problem.status)
      .failed(
        () => `${request.method} ${request.path} answered ${String(problem.status)}: ${String(error)}`,
        problem.status === 500 && error instanceof Error ? { err: error } : {},
      );
  }
}

/** A request without one counts as complete only after its answer, where that is given at once. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** A path whose escapes cannot be decoded names nothing. Nest answers 400. */
function isMalformed(path: string): boolean {
  try {
    decodeURIComponent(path);
    return false;
  } catch {
    return true;
  }
}

function unavailable(detail: string, retryAfterSeconds: string): HttpProblem {
  return new HttpProblem(503, detail, [], { 'Retry-After': retryAfterSeconds });
}

/** Errors of Nest, Express and body-parser below 500 carry a status and a message fit to be shown. */
function ofOtherHttpError(error: unknown): HttpProblem | undefined {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500
    ? new HttpProblem(status, (error as Error).message)
    : undefined;
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) {
    return error.getStatus();
  }
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}
