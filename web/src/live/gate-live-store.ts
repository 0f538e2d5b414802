import { useSyncExternalStore } from 'react';
import { unwrap, api, ApiError } from '../api/client.js';
import { parseExact } from '../api/exact-json.js';
import type { Dispatch, GateQueue } from '../api/types.js';
import { DEFAULT_LANE } from '../lanes/lane.js';
import { openEventStream } from './sse-client.js';
import {
  INITIAL_STATE,
  withDispatches,
  withoutNews,
  withQueue,
  type Connection,
  type GateState,
} from './gate-state.js';

const POLL_INTERVAL_MS = 1000;
/** Maximum silence on a stream; the service sends at least a heartbeat every 15 seconds. */
const SILENCE_TIMEOUT_MS = 25_000;
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 8000;
const UPCOMING_IDS = 60;
/** Statuses that end the attempts to connect: an unknown lane, an unknown key, a missing scope. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403]);

/** Keeps the gate of one lane up to date while the page is open: by events or, without a stream, by polling. */
class GateLiveStore {
  private state: GateState = INITIAL_STATE;
  private lane = DEFAULT_LANE;
  private readonly listeners = new Set<() => void>();
  private stop = new AbortController();
  /** Dispatches that were received since the last `queue` event; the next one applies them. */
  private pending: Dispatch[] = [];

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly get = (): GateState => this.state;

  /** Connects for as long as the page is open; reconnects at once when the browser is online again. */
  init(): void {
    window.addEventListener('online', () => {
      this.reconnect(performance.now());
    });
    window.addEventListener('offline', () => {
      this.stop.abort();
      this.set({ ...this.state, connection: 'lost' });
    });
    this.start();
  }

  /** Switches to the gate of another lane; null stands for the default lane. */
  watch(named: string | null): void {
    const lane = named ?? DEFAULT_LANE;
    if (lane !== this.lane) {
      this.lane = lane;
      this.start();
    }
  }

  /** Connects without data, for example after a login: data received with another key is discarded. */
  start(): void {
    this.restart(INITIAL_STATE);
  }

  /**
   * Keeps the data and reconnects: after an outage of the store, an open stream reports only changes. `sinceMs` is
   * the time from which on nothing is known, by the page's clock. Does nothing if the connection was refused.
   */
  reconnect(sinceMs: number): void {
    if (this.state.connection !== 'refused') {
      this.restart(withoutNews(this.state, sinceMs));
    }
  }

  private restart(state: GateState): void {
    this.stop.abort();
    this.stop = new AbortController();
    this.pending = [];
    this.set({ ...state, connection: 'connecting' });
    void this.connectionLoop(this.stop.signal);
  }

  private async connectionLoop(signal: AbortSignal): Promise<void> {
    let retryMs = MIN_RETRY_MS;
    while (!signal.aborted) {
      try {
        await this.consumeEvents(signal, () => {
          retryMs = MIN_RETRY_MS;
        });
      } catch (error) {
        if (error instanceof ApiError && REFUSED.has(error.status)) {
          this.connect('refused', signal);
          return;
        }
      }
      await this.poll(signal, retryMs);
      retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
    }
  }

  private async consumeEvents(signal: AbortSignal, onEvent: () => void): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => {
      silence.abort();
    }, SILENCE_TIMEOUT_MS);
    try {
      const path = `events?${new URLSearchParams({ lane: this.lane }).toString()}`;
      for await (const { type, data } of openEventStream(path, AbortSignal.any([signal, silence.signal]))) {
        clearTimeout(timer);
        timer = setTimeout(() => {
          silence.abort();
        }, SILENCE_TIMEOUT_MS);
        onEvent();
        this.applyEvent(type, data);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private applyEvent(type: string, data: string): void {
    if (type === 'dispatch') {
      this.pending.push(parseExact(data) as Dispatch);
    } else if (type === 'queue') {
      const news = this.pending;
      this.pending = [];
      const queue = parseExact(data) as GateQueue;
      this.set({
        ...withDispatches(withQueue(this.state, queue, performance.now()), news),
        connection: 'live',
      });
    }
  }

  /** Polls for `forMs` milliseconds, until the next attempt to open a stream. */
  private async poll(signal: AbortSignal, forMs: number): Promise<void> {
    const untilMs = performance.now() + forMs;
    while (!signal.aborted && performance.now() < untilMs) {
      try {
        const query = { lane: this.lane, limit: UPCOMING_IDS };
        const [{ lanes }, { next }] = await Promise.all([
          unwrap(api.GET('/queue', { signal })),
          unwrap(api.GET('/queue/next', { params: { query }, signal })),
        ]);
        const queue = lanes[this.lane];
        if (queue !== undefined) {
          const now = new Date().toISOString();
          const state = withQueue(this.state, { ...queue, now, next }, performance.now());
          this.show({ ...state, connection: 'polling' }, signal);
        }
      } catch {
        this.connect('lost', signal);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }

  private connect(connection: Connection, signal: AbortSignal): void {
    this.show({ ...this.state, connection }, signal);
  }

  private show(state: GateState, { aborted }: AbortSignal): void {
    if (!aborted) {
      this.set(state);
    }
  }

  private set(state: GateState): void {
    this.state = state;
    this.listeners.forEach((listener) => {
      listener();
    });
  }
}

export const live = new GateLiveStore();

export function useGate(): GateState {
  return useSyncExternalStore(live.subscribe, live.get);
}

export function useConnection(): Connection {
  return useSyncExternalStore(live.subscribe, () => live.get().connection);
}
