import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../domain/domain-error.js';
import { Runtime } from '../../domain/runtime.js';
import { AllowedMethods } from './allowed-methods.js';
import { hasBody } from './has-body.js';
import { RequestFailures } from './request-failures.js';
import { ProblemDetailsError, PROBLEM_CONTENT_TYPE } from './problem-details.js';

/**
 * Converts all errors to problem responses. An unknown error is a defect: it is logged completely, and
 * answered without details.
 */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  private readonly failures: RequestFailures;

  constructor(
    private readonly allowedMethods: AllowedMethods,
    runtime: Runtime,
  ) {
    this.failures = new RequestFailures(runtime, new Logger('Http'));
  }

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
    // Without the second condition, a request without a body would count as incomplete until its response is sent.
    if (!request.complete && hasBody(request.headers)) {
      response.set('Connection', 'close');
    }
    response
      .status(problem.status)
      .set(problem.headers)
      .type(PROBLEM_CONTENT_TYPE)
      .send(JSON.stringify(problem.toBody()));
  }

  private toProblem(error: unknown, request: Request): ProblemDetailsError {
    if (error instanceof ProblemDetailsError) {
      return error;
    }
    if (error instanceof DomainError) {
      return ProblemDetailsError.ofError(error);
    }
    if (error instanceof NotFoundException || isMalformed(request.path)) {
      return this.notFound(request);
    }
    return fromHttpException(error) ?? new ProblemDetailsError(500, 'internal error');
  }

  private notFound(request: Request): ProblemDetailsError {
    const allowed = this.allowedMethods.of(request.path);
    return allowed.length === 0 || allowed.includes(request.method)
      ? new ProblemDetailsError(404, 'not found')
      : new ProblemDetailsError(405, `${request.method} is not allowed here`, [], {
          Allow: allowed.join(', '),
        });
  }

  private log(problem: ProblemDetailsError, error: unknown, request: Request): void {
    this.failures
      .of(error, problem.status)
      .failed(
        () => `${request.method} ${request.path} answered ${String(problem.status)}: ${String(error)}`,
        problem.status === 500 && error instanceof Error ? { err: error } : {},
      );
  }
}

/**
 * Tells whether the escapes of the path cannot be decoded. Such a path does not exist (404); Nest would
 * answer 400.
 */
function isMalformed(path: string): boolean {
  try {
    decodeURIComponent(path);
    return false;
  } catch {
    return true;
  }
}

/** Converts errors of Nest, Express and body-parser with a status below 500; their messages are safe to show. */
function fromHttpException(error: unknown): ProblemDetailsError | undefined {
  const status = toStatus(error);
  return status !== undefined && status >= 400 && status < 500
    ? new ProblemDetailsError(status, (error as Error).message)
    : undefined;
}

function toStatus(error: unknown): number | undefined {
  if (error instanceof HttpException) {
    return error.getStatus();
  }
  return error instanceof Error && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;
}
