import { SluiceApiError, toProblem, unwrap, type ApiResult } from '../typescript/api-error.js';
import { createHttpClient, type HttpClient } from '../typescript/http-client.js';
import { AccessLostError, CliError, EXIT, type ExitCode } from './cli-error.js';
import type { ServiceAddress } from './service-address.js';

/** A client of one service. */
export class ApiClient {
  readonly client: HttpClient;
  private readonly url: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor({ url, apiKey }: ServiceAddress) {
    this.url = url;
    this.headers = apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` };
    this.client = createHttpClient({ baseUrl: this.url, headers: this.headers });
  }

  /**
   * Returns the data of a response.
   * @throws CliError if the response is an error, or if there is none.
   */
  async unwrap<T>(call: Promise<ApiResult<T>>): Promise<T> {
    return this.send(unwrap(call));
  }

  /**
   * Waits for a response without a body.
   * @throws CliError if the response is an error, or if there is none.
   */
  async unwrapEmpty(call: Promise<ApiResult<unknown>>): Promise<void> {
    const { error, response } = await this.send(call);
    if (!response.ok) {
      throw toCliError(new SluiceApiError(response.status, toProblem(error)));
    }
  }

  /**
   * Sends a request that the typed client does not support.
   * @throws CliError like {@link unwrap}.
   */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const address = `${this.url.replace(/\/+$/, '')}${path}`;
    const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined) };
    const response = await this.send(fetch(address, { ...init, headers }));
    if (!response.ok) {
      const body: unknown = await this.send(response.json().catch(() => undefined));
      throw toCliError(new SluiceApiError(response.status, toProblem(body)));
    }
    return response;
  }

  /**
   * Waits for a request.
   * @throws CliError if the request or its response fails.
   */
  async send<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw this.wrapError(error);
    }
  }

  /** Converts an error response or a network error to a CliError. An abort is returned unchanged. */
  wrapError(error: unknown): unknown {
    if (error instanceof CliError || isAbort(error)) {
      return error;
    }
    return error instanceof SluiceApiError
      ? toCliError(error)
      : new CliError(`no answer from ${this.url}: ${toReason(error)}`, EXIT.unavailable, { cause: error });
  }
}

export function isAbort(error: unknown): boolean {
  return Error.isError(error) && error.name === 'AbortError';
}

function toCliError({ status, message }: SluiceApiError): CliError {
  return status === 401 || status === 403
    ? new AccessLostError(message)
    : new CliError(message, toExitCode(status));
}

function toExitCode(status: number): ExitCode {
  if (status === 404) {
    return EXIT.notFound;
  }
  return [400, 413, 415, 422].includes(status) ? EXIT.usage : EXIT.unavailable;
}

/** Returns the message of the innermost cause, which is the one of the system. */
function toReason(error: unknown): string {
  if (!Error.isError(error)) {
    return String(error);
  }
  if (error.cause !== undefined) {
    return toReason(error.cause);
  }
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
