/** One call as the recording upstream saw it. Times are on the machine's monotonic clock. */
export interface RecordedCall {
  /** The number of the service process that made the call. */
  readonly processNo: number;
  readonly lane: string;
  readonly dispatchId: string;
  readonly ids: readonly bigint[];
  readonly startedMs: number;
  /** The success of each id in the answer, in order. */
  readonly succeeded: readonly boolean[];
  /** The time the answer was sent; null before that, or if the caller had disconnected. */
  answeredMs: number | null;
  /** The time the work for the call ended, also if the caller had disconnected; null before that. */
  workedUntilMs: number | null;
}

/** The interval at which the recorder looks at its clock. */
export const HEARTBEAT_MS = 2;
/** A heartbeat that is later than this ends a stall. */
export const STALL_MS = 1.5;

/** A stall of the recorder's event loop: calls in this time may be recorded late by up to its length. */
export interface Stall {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Recording {
  readonly calls: readonly RecordedCall[];
  readonly stalls: readonly Stall[];
}

/** A moment at which the recorder itself signals the service, more exactly than another process could. */
export interface Trap {
  /** A connection opens (claimed, not called yet), a call starts, or an answer has just been sent. */
  readonly at: 'connection' | 'call' | 'answer';
  readonly pid: number;
  readonly signal: NodeJS.Signals;
  /** The number of such moments to skip first. */
  readonly skip: number;
  /** The delay after the moment. */
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
