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
/** The service says something every 15 seconds; a stream that says nothing for longer is dead. */
const SILENCE_TIMEOUT_MS = 25_000;
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 8000;
const UPCOMING_IDS = 60;
/** A key that is not known or not allowed, a lane that is not there. */
const REFUSED: ReadonlySet<number> = new Set([400, 401, 403]);

/** Keeps what one lane's gate shows up to date for as long as the page is open: told by the service, or asking it. */
class GateLiveStore {
  private state: GateState = INITIAL_STATE;
  private lane = DEFAULT_LANE;
  private readonly listeners = new Set<() => void>();
  private stop = new AbortController();
  /** What came within a frame is shown at once. */
  private pending: Dispatch[] = [];

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly get = (): GateState => this.state;

  /** For as long as the page is open; a machine that is back on a network connects at once. */
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

  /** The gate of another lane. */
  watch(named: string | null): void {
    const lane = named ?? DEFAULT_LANE;
    if (lane !== this.lane) {
      this.lane = lane;
      this.start();
    }
  }

  /** From nothing, as after a login: what another key was shown is forgotten. */
  start(): void {
    this.restart(INITIAL_STATE);
  }

  /**
   * Keeps what is shown, and connects anew: after the store was away its events tell only of changes. `sinceMs` says
   * since when nothing is known, on this page's clock.
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

  /** For as long as there is no stream. */
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
