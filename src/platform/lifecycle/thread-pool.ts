/**
 * Threads of libuv's pool, where the default is 4. All kinds of work share them in order of arrival, so the kinds that
 * last must not fill them: system lookups take at most half (libuv holds them to that), checks of keys 2
 * (`platform/auth/api-key-verifier.ts`), compressed answers 4 (`platform/http/send-response.ts`). The rest is free for what is short: the flush of
 * acceptances, files, pieces of bodies. The table is in docs/security.md.
 */
const THREADS = 16;
const THREAD_POOL_VARIABLE = 'UV_THREADPOOL_SIZE';

/**
 * Sets the size of the thread pool, unless the environment does. It counts only before the first use of the pool: call it
 * first of all (https://docs.libuv.org/en/v1.x/threadpool.html).
 */
export function sizeThreadPool(environment: NodeJS.ProcessEnv = process.env): void {
  environment[THREAD_POOL_VARIABLE] ??= String(THREADS);
}
