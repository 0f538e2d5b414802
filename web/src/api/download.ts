import { authorization, toApiError, toUrl } from './client.js';

/**
 * Saves the response of a GET request as a file. `onBytes` is called with the number of bytes received so far.
 * @throws ApiError if the service refuses; TypeError if nothing answers; an AbortError after `signal`.
 */
export async function download(
  path: string,
  accept: string,
  fileName: string,
  { signal, onBytes }: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void },
): Promise<void> {
  const response = await fetch(toUrl(path), {
    headers: { ...authorization(), Accept: accept },
    cache: 'no-store',
    signal,
  });
  if (!response.ok || response.body === null) {
    throw toApiError(response.status, await response.text());
  }
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength;
        onBytes(bytes);
        controller.enqueue(chunk);
      },
    }),
  );
  save(await new Response(counted, { headers: { 'Content-Type': accept } }).blob(), fileName);
}

function save(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}
