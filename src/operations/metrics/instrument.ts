import type { Runtime } from '../../domain/runtime.js';

/**
 * Callbacks by method of a port. Each is called after its method has resolved, with the result and the
 * arguments.
 */
export type Hooks<T> = {
  readonly [K in keyof T]?: T[K] extends (...args: infer A) => Promise<infer R>
    ? (result: R, ...args: A) => void
    : never;
};

/** Called after every call of an asynchronous method of a port has ended. */
export type OnCallEnd = (method: string, seconds: number, isOk: boolean) => void;

type Method = (...args: unknown[]) => unknown;

/** Wraps a port: each call is timed, and the hooks of its methods receive their results. */
export function instrument<T extends object>(
  port: T,
  runtime: Runtime,
  ended: OnCallEnd,
  hooks: Hooks<T> = {},
): T {
  const wrapped = new WeakMap<Method, Method>();
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || typeof name !== 'string') {
        return member;
      }
      const method = member as Method;
      let watching = wrapped.get(method);
      if (watching === undefined) {
        const endedHere = (seconds: number, isOk: boolean): void => {
          ended(name, seconds, isOk);
        };
        watching = instrumentMethod(
          target,
          method,
          runtime,
          endedHere,
          (hooks as Readonly<Record<string, Method>>)[name],
        );
        wrapped.set(method, watching);
      }
      return watching;
    },
  });
}

function instrumentMethod(
  target: object,
  method: Method,
  runtime: Runtime,
  ended: (seconds: number, isOk: boolean) => void,
  hook: Method | undefined,
): Method {
  return (...args) => {
    const startedAtMs = runtime.monotonicMs();
    const result = method.apply(target, args);
    if (!(result instanceof Promise)) {
      return result;
    }
    return result.then(
      (value: unknown) => {
        ended((runtime.monotonicMs() - startedAtMs) / 1000, true);
        hook?.(value, ...args);
        return value;
      },
      (error: unknown) => {
        ended((runtime.monotonicMs() - startedAtMs) / 1000, false);
        throw error;
      },
    );
  };
}
