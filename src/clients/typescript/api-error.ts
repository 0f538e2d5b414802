import type { Problem } from './schema.js';

/** An error response of the service. The message is its `detail`. */
export class SluiceApiError extends Error {
  override readonly name = 'SluiceApiError';

  /** @param problem the body of the response; undefined if it is not one of the service. */
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(problem?.detail ?? `the service answered ${String(status)}`);
  }
}

/** The result of a request of {@link HttpClient}: data, or an error. */
export interface ApiResult<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Returns the data of a response.
 * @throws SluiceApiError if the response is an error; the error of `fetch` if there is none.
 */
export async function unwrap<Data>(call: Promise<ApiResult<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (data === undefined) {
    throw new SluiceApiError(response.status, toProblem(error));
  }
  return data;
}

/** Returns the error response of the service; undefined for any other body, such as that of a proxy. */
export function toProblem(body: unknown): Problem | undefined {
  return typeof body === 'object' && body !== null && 'detail' in body ? (body as Problem) : undefined;
}
