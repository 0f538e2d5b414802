import type { SqliteDatabase } from './database.js';

type Method = (...args: unknown[]) => unknown;

/**
 * Wraps a repository: what its methods resolve with is told only once everything that they could read is durable. An
 * outcome that was told must not be lost by a power failure. Methods in `tellNoOutcome` do not wait.
 */
export function tellDurably<T extends object>(
  repository: T,
  database: Pick<SqliteDatabase, 'barrier'>,
  tellNoOutcome: readonly (keyof T)[] = [],
): T {
  const wrapped = new WeakMap<Method, Method>();
  return new Proxy(repository, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') {
        return member;
      }
      const method = member as Method;
      let telling = wrapped.get(method);
      if (telling === undefined) {
        const waits = !tellNoOutcome.includes(name as keyof T);
        telling = (...args) => {
          const result = method.apply(target, args);
          return waits && result instanceof Promise ? afterBarrier(result, database) : result;
        };
        wrapped.set(method, telling);
      }
      return telling;
    },
  });
}

async function afterBarrier(
  result: Promise<unknown>,
  database: Pick<SqliteDatabase, 'barrier'>,
): Promise<unknown> {
  const told = await result;
  const { barrier } = database;
  if (barrier !== null) {
    await barrier;
  }
  return told;
}
