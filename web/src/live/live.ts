import { useSyncExternalStore } from 'react';
import { ApiError, call } from '../api/client.js';
import { parseExact } from '../api/exact-json.js';
import type { Dispatch, GateQueue, Queue, QueuedRun } from '../api/types.js';
import { openEvents } from './event-stream.js';
import { NOTHING_YET, withDispatches, withQueue, type Connection, type GateState } from './gate-state.js';

const POLL_MS = 1000;
/** The service says something every 15 seconds; a stream that says nothing for longer is dead. */
const SILENCE_MS = 25_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;
const UPCOMING_IDS = 60;

/** Keeps what the gate shows up to date for as long as the page is open: told by the service, or asking it. */
class Live {
  private state: GateState = NOTHING_YET;
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
  begin(): void {
    window.addEventListener('online', () => {
      this.connectAnew(this.state);
    });
    window.addEventListener('offline', () => {
      this.stop.abort();
      this.set({ ...this.state, connection: 'lost' });
    });
    this.start();
  }

  /** From nothing, as after a login: what another key was shown is forgotten. */
  start(): void {
    this.connectAnew(NOTHING_YET);
  }

  private connectAnew(state: GateState): void {
    this.stop.abort();
    this.stop = new AbortController();
    this.pending = [];
    this.set({ ...state, connection: 'connecting' });
    void this.keepUp(this.stop.signal);
  }

  private async keepUp(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        await this.listen(signal, () => {
          retryMs = FIRST_RETRY_MS;
        });
      } catch (error) {
        if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
          this.connect('refused', signal);
          return;
        }
      }
      await this.poll(signal, retryMs);
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
    }
  }

  private async listen(signal: AbortSignal, onEvent: () => void): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => {
      silence.abort();
    }, SILENCE_MS);
    try {
      for await (const { type, data } of openEvents('events', AbortSignal.any([signal, silence.signal]))) {
        clearTimeout(timer);
        timer = setTimeout(() => {
          silence.abort();
        }, SILENCE_MS);
        onEvent();
        this.take(type, data);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  private take(type: string, data: string): void {
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
        const [queue, { next }] = await Promise.all([
          call<Queue>('queue', { signal }),
          call<{ next: QueuedRun[] }>('queue/next', { query: { limit: UPCOMING_IDS }, signal }),
        ]);
        const now = new Date().toISOString();
        this.set({
          ...withQueue(this.state, { ...queue, now, next }, performance.now()),
          connection: 'polling',
        });
      } catch {
        this.connect('lost', signal);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  private connect(connection: Connection, { aborted }: AbortSignal): void {
    if (!aborted) {
      this.set({ ...this.state, connection });
    }
  }

  private set(state: GateState): void {
    this.state = state;
    this.listeners.forEach((listener) => {
      listener();
    });
  }
}

export const live = new Live();

export function useGate(): GateState {
  return useSyncExternalStore(live.subscribe, live.get);
}

export function useConnection(): Connection {
  return useSyncExternalStore(live.subscribe, () => live.get().connection);
}
