/**
 * The number of threads in the pool of libuv, whose default is 4. All kinds of work share them in order of
 * arrival, so long-running kinds must not fill them: system lookups take at most half (a limit of libuv), key
 * checks 2 (`platform/auth/api-key-verifier.ts`), compressed responses 4 (`platform/http/send-response.ts`).
 * The rest is free for short work: the fsync of acceptances, files, parts of bodies. The table is in
 * docs/security.md.
 */
const THREADS = 16;
const THREAD_POOL_VARIABLE = 'UV_THREADPOOL_SIZE';

/**
 * Sets the size of the thread pool, unless the environment sets it. It has an effect only before the first
 * use of the pool, so call it first (https://docs.libuv.org/en/v1.x/threadpool.html).
 */
export function sizeThreadPool(environment: NodeJS.ProcessEnv): void {
  environment[THREAD_POOL_VARIABLE] ??= String(THREADS);
}
