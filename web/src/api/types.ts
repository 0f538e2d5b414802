import type { Id } from './exact-json.js';

export const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** `cancelled` where the service knows it. */
export const STATUSES = ['yet_to_start', 'triggered', 'completed', 'failed', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];

export interface Queue {
  readonly paused: boolean;
  readonly paused_at: string | null;
  readonly waiting: Readonly<Record<'high' | 'medium' | 'low' | 'total', number>>;
  readonly retries_waiting: number;
  readonly in_flight: number;
  readonly pace: { readonly batch_size: number; readonly batch_delay_seconds: number };
  readonly held_for_seconds?: number;
  readonly breaker?: { readonly state: 'closed' | 'open' | 'probing' };
  readonly next_slot_in_seconds: number | null;
  readonly empty_in_seconds: number | null;
}

/** Ids of one ingestion that stand together in the queue. */
export interface QueuedRun {
  readonly ingestion_id: string;
  readonly priority: Priority;
  readonly retry: boolean;
  readonly ids: readonly Id[];
}

/** A `queue` event. */
export interface GateQueue extends Queue {
  readonly now: string;
  readonly next: readonly QueuedRun[];
}

export interface DispatchPart {
  readonly ingestion_id: string;
  readonly priority: Priority;
  /** How many they are, of which `ids` are the first. */
  readonly size: number;
  readonly retry: boolean;
  readonly ids: readonly Id[];
}

/** A `dispatch` event. */
export interface Dispatch {
  readonly dispatch_id: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly duration_ms: number | null;
  readonly outcome: 'in_flight' | 'settled' | 'lapsed' | 'released';
  readonly completed: number;
  readonly unsuccessful: number;
  readonly parts: readonly DispatchPart[];
}

export interface Progress {
  readonly total: number;
  readonly yet_to_start: number;
  readonly in_flight: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled?: number;
  readonly percent: number;
}

export interface Batch {
  readonly batch_id: string;
  readonly ids: readonly Id[];
  readonly status: Status;
  readonly error?: string;
}

/** One ingestion. Fields with a `?` come with what the service knows of. */
export interface Ingestion {
  readonly ingestion_id: string;
  readonly status: Status;
  readonly priority: Priority;
  readonly lane?: string;
  readonly client?: string;
  readonly created_at: string;
  readonly last_updated_at: string;
  readonly progress: Progress;
  readonly ids_ahead?: number | null;
  readonly estimated_start_at?: string | null;
  readonly estimated_completion_at?: string | null;
  readonly batches?: readonly Batch[];
  readonly next?: string | null;
}

export interface IngestionPage {
  readonly ingestions: readonly Ingestion[];
  readonly next: string | null;
}

export interface Failure {
  readonly kind: string;
  readonly message: string;
}

export interface DeadLetter {
  readonly ingestion_id: string;
  readonly batch_id: string;
  readonly id: Id;
  /** Among the ids of its ingestion, from 0. */
  readonly position: number;
  readonly priority: Priority;
  readonly died_at: string;
  readonly error: Failure;
  readonly attempts: readonly (Failure & { readonly at: string })[];
}

export interface DeadLetterPage {
  readonly dead_letters: readonly DeadLetter[];
  readonly next: string | null;
}

export interface Result {
  readonly id: Id;
  readonly status: Status;
  readonly data?: unknown;
  readonly error?: Partial<Failure>;
}

export interface ResultPage {
  readonly results: readonly Result[];
  readonly next: string | null;
}

export interface HistoryPoint {
  readonly at: string;
  readonly dispatches: number;
  readonly ids_sent: number;
  readonly completed: number;
  readonly retried: number;
  readonly failed: number;
  readonly latency_mean_ms: number | null;
  readonly latency_max_ms: number | null;
  readonly waiting: Readonly<Record<'high' | 'medium' | 'low' | 'retries', number>>;
}

export interface History {
  readonly step_seconds: number;
  readonly points: readonly HistoryPoint[];
}

/** What a list would have before it, if it were handed over now. */
export interface Forecast {
  readonly ids_ahead: number;
  readonly estimated_start_at: string | null;
  readonly estimated_completion_at: string | null;
}
