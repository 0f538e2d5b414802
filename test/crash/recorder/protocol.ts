/** What the recording upstream saw of one call. Times are on the machine's monotonic clock. */
export interface RecordedCall {
  /** The life of the service that made it. */
  readonly life: number;
  readonly dispatchId: string;
  readonly ids: readonly bigint[];
  readonly startedMs: number;
  /** Whether the answer says, for each id in its order, that it succeeded. */
  readonly succeeded: readonly boolean[];
  /** When the answer was handed over; null while it is not, or when the caller was gone by then. */
  answeredMs: number | null;
}

/** A time in which the recorder's event loop stood still: what came in it was recorded up to this late. */
export interface Stall {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Recording {
  readonly calls: readonly RecordedCall[];
  readonly stalls: readonly Stall[];
}

/** Where the recorder itself strikes the service down, closer than another process could. */
export interface Trap {
  /** A connection opens (claimed, not called yet), a call starts, or an answer has just been handed over. */
  readonly at: 'connection' | 'call' | 'answer';
  readonly pid: number;
  readonly signal: NodeJS.Signals;
  /** Let so many pass by first. */
  readonly skip: number;
  /** Then wait this long. */
  readonly spinMs: number;
}

export type ToRecorder =
  | { readonly kind: 'watch'; readonly pid: number }
  | { readonly kind: 'unwatch'; readonly pid: number }
  | { readonly kind: 'tempo'; readonly longestDelayMs: number }
  | { readonly kind: 'arm'; readonly trap: Trap }
  | { readonly kind: 'disarm' }
  | { readonly kind: 'count' }
  | { readonly kind: 'dump' };

export type FromRecorder =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'disarmed'; readonly hasSprung: boolean }
  | { readonly kind: 'counted'; readonly calls: number }
  | { readonly kind: 'dumped'; readonly recording: Recording };
