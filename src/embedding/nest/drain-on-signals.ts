const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** What is drained when a signal arrives. */
export interface Drained {
  close(): Promise<void>;
}

/**
 * Drains on a signal, whether or not the application listens to signals itself. If it does, it also decides when the
 * process ends; otherwise the signal ends the process after the drain. Returns a function that stops listening.
 */
export function drainOnSignals(drained: Drained): () => void {
  const stop = (): void => {
    for (const signal of SIGNALS) {
      process.off(signal, onSignal);
    }
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const isLast = process.listenerCount(signal) === 1;
    const end = (): void => {
      stop();
      if (isLast) {
        process.kill(process.pid, signal);
      }
    };
    drained.close().then(end, end);
  };
  for (const signal of SIGNALS) {
    process.on(signal, onSignal);
  }
  return stop;
}
