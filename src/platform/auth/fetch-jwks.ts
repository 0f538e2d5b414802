import type { FetchImplementation } from 'jose';

/** The largest set of keys that is read. A set has one or two kilobytes for each key. */
export const MAX_JWKS_BYTES = 1_048_576;
/** After a failure the keys are not fetched again for this time, however many tokens need them. */
export const JWKS_RETRY_PAUSE_MS = 5000;

/**
 * Returns a function that fetches the keys of a token issuer, with a limit for the size of the answer and a pause after
 * each failure. During the pause it fails with the last error.
 */
export function limitedJwksFetch(monotonicMs: () => number): FetchImplementation {
  let failure: { readonly error: unknown; readonly endMs: number } | null = null;
  return async (url, options) => {
    if (failure !== null && monotonicMs() < failure.endMs) {
      throw failure.error;
    }
    try {
      const response = await fetch(url, options);
      const text = await readLimited(response);
      if (response.status !== 200) {
        throw new Error(`the issuer of tokens answered ${String(response.status)}`);
      }
      assertKeySet(text);
      failure = null;
      return new Response(text, { status: response.status });
    } catch (error) {
      failure = { error, endMs: monotonicMs() + JWKS_RETRY_PAUSE_MS };
      throw error;
    }
  };
}

/** An answer that is no set of keys is a failure too, so that it is followed by a pause. */
function assertKeySet(text: string): void {
  const set: unknown = JSON.parse(text);
  if (typeof set !== 'object' || set === null || !('keys' in set) || !Array.isArray(set.keys)) {
    throw new Error('the issuer of tokens answered with something else than a set of keys');
  }
}

/** Reads a body as text; ends the connection as soon as the body is too large. */
async function readLimited({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_JWKS_BYTES) {
      throw new Error(`the keys of the token issuer are larger than ${String(MAX_JWKS_BYTES)} bytes`);
    }
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}
