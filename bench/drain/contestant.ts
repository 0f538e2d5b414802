/** A queue under comparison: accepts ids, processes them with a handler that costs nothing, and keeps the outcomes. */
export interface DrainContestant {
  readonly name: string;
  /**
   * Starts the servers that all runs share.
   * @throws NotInstalledError when a program that it needs is not installed on this machine.
   */
  open(folder: string): Promise<OpenContestant>;
}

export interface OpenContestant {
  /** Starts the service on an empty store. It processes nothing before `work`. */
  start(): Promise<DrainRun>;
  close(): Promise<void>;
}

/** One run of a contestant, from an empty store to the count of its outcomes. */
export interface DrainRun {
  /** The service and its servers, each with all its child processes. */
  readonly pids: readonly number[];
  /** Accepts that many new ids. Resolves with the URL of the status of the last one. */
  accept(ids: number): Promise<string>;
  /** Begins to process what was accepted. */
  work(): Promise<void>;
  /** Stops processing; what is accepted afterwards stays pending. */
  rest(): Promise<void>;
  /** Resolves with the number of accepted ids without a stored outcome. */
  countPending(): Promise<number>;
  /** Kills the service, then counts the ids with a stored outcome. */
  countSettled(): Promise<number>;
  /** Ends all processes of this run. */
  stop(): Promise<void>;
}
