import { useSyncExternalStore } from 'react';
import { toUrl, onFailedRequest } from '../api/client.js';

const PROBE_INTERVAL_MS = 4000;
const PROBE_INTERVAL_IN_TROUBLE_MS = 1000;
const PROBE_TIMEOUT_MS = 8000;

/** Part that does not answer. `service` includes a network that is down; `stopping` is a service that shuts down. */
export type Unreachable = 'service' | 'store' | 'stopping';

export interface Trouble {
  readonly part: Unreachable;
  /** Time at which the page noticed the outage, by the browser's clock. */
  readonly sinceMs: number;
  /** The same moment by the page's clock (`performance.now()`). */
  readonly sincePageMs: number;
  /** Time of the last successful probe; null if none succeeded since the page was opened. */
  readonly lastGoodMs: number | null;
}

/**
 * Detects whether the service and its store answer. It polls `GET /health`, and does so at once after a request
 * failed: the event stream stays open with heartbeats while the store is unreachable, so it does not show an outage.
 */
class Reachability {
  private trouble: Trouble | null = null;
  private lastGoodMs: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private probing: Promise<void> | null = null;
  private readonly listeners = new Set<() => void>();
  private onRecovery: (trouble: Trouble) => void = () => undefined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly get = (): Trouble | null => this.trouble;

  /**
   * Starts the probes, which go on until the page is closed. `onRecovery` is called with the outage that has ended.
   */
  begin(onRecovery: (trouble: Trouble) => void): void {
    this.onRecovery = onRecovery;
    onFailedRequest(() => void this.probe());
    document.addEventListener('visibilitychange', () => void this.probe());
    window.addEventListener('online', () => void this.probe());
    window.addEventListener('offline', () => void this.probe());
    void this.probe();
  }

  /** Probes now; resolves when the result is known. Concurrent calls share one probe. */
  probe(): Promise<void> {
    this.probing ??= this.probeOnce().finally(() => {
      this.probing = null;
    });
    return this.probing;
  }

  private async probeOnce(): Promise<void> {
    clearTimeout(this.timer);
    this.update(await findUnreachable());
    this.timer = setTimeout(
      () => void (document.hidden ? undefined : this.probe()),
      this.trouble === null ? PROBE_INTERVAL_MS : PROBE_INTERVAL_IN_TROUBLE_MS,
    );
  }

  private update(part: Unreachable | null): void {
    const before = this.trouble;
    if (part === null) {
      this.lastGoodMs = Date.now();
      this.set(null);
      if (before !== null) {
        this.onRecovery(before);
      }
    } else if (before?.part !== part) {
      const since = { sinceMs: Date.now(), sincePageMs: performance.now(), lastGoodMs: this.lastGoodMs };
      this.set({ ...(before ?? since), part });
    }
  }

  private set(trouble: Trouble | null): void {
    if (trouble !== this.trouble) {
      this.trouble = trouble;
      this.listeners.forEach((listener) => {
        listener();
      });
    }
  }
}

/** Requests `GET /health` and returns the part that does not answer; null if all is well. */
async function findUnreachable(): Promise<Unreachable | null> {
  try {
    const response = await fetch(toUrl('health'), {
      cache: 'no-store',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.ok) {
      return null;
    }
    // an answer without a `status_code` is from a proxy in front of the service
    return !text.includes('"status_code"') ? 'service' : text.includes('stopping') ? 'stopping' : 'store';
  } catch {
    return 'service';
  }
}

export const reachability = new Reachability();

/** Returns the current outage; null while the service and its store answer. */
export function useTrouble(): Trouble | null {
  return useSyncExternalStore(reachability.subscribe, reachability.get);
}
