/**
 * Resolves like `work`, which goes on after an abort.
 * @throws the error of `work`; the reason of `signal` once it is aborted.
 */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const ended = Promise.withResolvers<never>();
  const onAbort = (): void => {
    ended.reject(signal.reason);
  };
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
