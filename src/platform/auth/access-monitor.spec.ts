import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { NEVER, Subject, type Observable } from 'rxjs';
import type { AuthenticatedClient, Scope } from '../../domain/authenticated-client.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { currentRequest, RequestIds } from '../telemetry/request-context.js';
import { AccessMonitor } from './access-monitor.js';
import { Authenticator, TokenIssuerUnavailableError } from './authenticator.js';

const HEARTBEAT_MS = 15_000;

function clientWith(scopes: readonly Scope[], expiresAtMs?: number): AuthenticatedClient {
  return { name: 'billing', scopes: new Set(scopes), ...(expiresAtMs !== undefined && { expiresAtMs }) };
}

/** Credentials as the test sets them. */
class Credentials extends Authenticator {
  override readonly changes = new Subject<void>();
  asked = 0;

  constructor(public current: AuthenticatedClient | null | Error) {
    super();
  }

  override authenticate(): Promise<AuthenticatedClient | null> {
    this.asked += 1;
    return this.current instanceof Error ? Promise.reject(this.current) : Promise.resolve(this.current);
  }
}

describe('AccessMonitor', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Runs `work` as a request of this client. */
  function asRequest<T>(client: AuthenticatedClient | undefined, work: () => T): T {
    let result: T | undefined;
    const setHeader = (): void => undefined;
    new RequestIds(new SystemRuntime()).assign({ headers: {} } as never, { setHeader } as never, () => {
      const context = currentRequest();
      if (context !== undefined && client !== undefined) {
        Object.assign(context, { client, credential: 'sluice_key' });
      }
      result = work();
    });
    return result as T;
  }

  function watch(monitor: AccessMonitor, client: AuthenticatedClient | undefined): string[] {
    const seen: string[] = [];
    asRequest(client, (): Observable<string> => monitor.ended()).subscribe((reason) => {
      seen.push(reason);
    });
    return seen;
  }

  it('ends within a heartbeat what a revoked key reads, and says nothing before', async () => {
    const credentials = new Credentials(clientWith(['read']));
    const seen = watch(new AccessMonitor(credentials, new SystemRuntime()), clientWith(['read']));
    await jest.advanceTimersByTimeAsync(10 * HEARTBEAT_MS);
    expect(seen).toEqual([]);
    credentials.current = null;
    await jest.advanceTimersByTimeAsync(HEARTBEAT_MS);
    expect(seen).toEqual(['revoked']);
  });

  it('ends it at once when the credentials have changed', async () => {
    const credentials = new Credentials(clientWith(['read']));
    const seen = watch(new AccessMonitor(credentials, new SystemRuntime()), clientWith(['read']));
    credentials.current = null;
    credentials.changes.next();
    await jest.advanceTimersByTimeAsync(0);
    expect(seen).toEqual(['revoked']);
  });

  it('ends what a token reads after its time, also while its issuer does not answer', async () => {
    const client = clientWith(['read'], Date.now() + 20_000);
    const credentials = new Credentials(new TokenIssuerUnavailableError());
    const seen = watch(new AccessMonitor(credentials, new SystemRuntime()), client);
    await jest.advanceTimersByTimeAsync(19_999);
    expect(seen).toEqual([]);
    await jest.advanceTimersByTimeAsync(HEARTBEAT_MS);
    expect(seen).toEqual(['expired']);
  });

  it('ends it when a scope is lost or the name is another, not when a scope is added', async () => {
    const credentials = new Credentials(clientWith(['read', 'admin']));
    const monitor = new AccessMonitor(credentials, new SystemRuntime());
    const [reader, admin] = [
      watch(monitor, clientWith(['read'])),
      watch(monitor, clientWith(['read', 'admin'])),
    ];
    credentials.current = clientWith(['read', 'submit']);
    await jest.advanceTimersByTimeAsync(HEARTBEAT_MS);
    expect([reader, admin]).toEqual([[], ['reduced']]);
    credentials.current = { name: 'another', scopes: new Set<Scope>(['read']) };
    await jest.advanceTimersByTimeAsync(HEARTBEAT_MS);
    expect(reader).toEqual(['revoked']);
  });

  it('checks a credential once for all of its answers, and no longer than there are any', async () => {
    const credentials = new Credentials(clientWith(['read']));
    const monitor = new AccessMonitor(credentials, new SystemRuntime());
    const subscriptions = Array.from({ length: 100 }, () =>
      asRequest(clientWith(['read']), () => monitor.ended()).subscribe(),
    );
    await jest.advanceTimersByTimeAsync(HEARTBEAT_MS);
    expect(credentials.asked).toBe(3);
    subscriptions.forEach((subscription) => {
      subscription.unsubscribe();
    });
    await jest.advanceTimersByTimeAsync(HEARTBEAT_MS);
    expect(credentials.asked).toBe(3);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('cuts off a text in place of its next piece', async () => {
    const credentials = new Credentials(clientWith(['read']));
    const monitor = new AccessMonitor(credentials, new SystemRuntime());
    const pieces = (async function* (): AsyncGenerator<string, void> {
      for (;;) {
        yield await Promise.resolve('piece');
      }
    })();
    const passed = asRequest(clientWith(['read']), () => monitor.whileValid(pieces));
    expect(await passed.next()).toMatchObject({ value: 'piece' });
    credentials.current = null;
    await jest.advanceTimersByTimeAsync(HEARTBEAT_MS);
    await expect(passed.next()).rejects.toMatchObject({ name: 'ProblemDetailsError', status: 401 });
    expect(await passed.next()).toMatchObject({ done: true });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends nothing with authentication disabled', () => {
    const monitor = new AccessMonitor(new Credentials(null), new SystemRuntime());
    expect(asRequest(undefined, () => monitor.ended())).toBe(NEVER);
  });
});
