import { STOP_SIGNALS } from '../../platform/lifecycle/stop-signals.js';

/** Closes on a signal: it lets what is in flight end. */
export interface Drainable {
  close(): Promise<void>;
}

/** The listeners of all Sluices in this process. */
const ownListeners = new Set<unknown>();

/**
 * Drains on a signal, whether or not the application listens to signals itself. If it does, it also decides when the
 * process ends; otherwise the signal ends the process after the drain. Returns a function that stops listening.
 */
export function drainOnSignals(drainable: Drainable): () => void {
  const stop = (): void => {
    ownListeners.delete(onSignal);
    for (const signal of STOP_SIGNALS) {
      process.off(signal, onSignal);
    }
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const isHostListening = process.listeners(signal).some((listener) => !ownListeners.has(listener));
    const end = (): void => {
      stop();
      if (!isHostListening && ownListeners.size === 0) {
        process.kill(process.pid, signal);
      }
    };
    drainable.close().then(end, end);
  };
  ownListeners.add(onSignal);
  for (const signal of STOP_SIGNALS) {
    // Runs before the listeners of the application: one that was added by `once` is gone as soon as it runs.
    process.prependListener(signal, onSignal);
  }
  return stop;
}
