import type { components } from '../../../src/clients/typescript/schema.js';

export type Schemas = components['schemas'];

export const PRIORITIES = ['HIGH', 'MEDIUM', 'LOW'] as const satisfies readonly Schemas['Priority'][];
export type Priority = Schemas['Priority'];

export const STATUSES = [
  'yet_to_start',
  'triggered',
  'completed',
  'failed',
  'cancelled',
] as const satisfies readonly Schemas['Status'][];
export type Status = Schemas['Status'];

export type Queue = Schemas['QueueResponse'];
export type Queues = Schemas['QueuesResponse'];
/** State of a lane: the reason why it sends or does not send. */
export type LaneState = Queue['state'];
/** Settings of a lane, each with its source. */
export type LaneSettings = Schemas['LaneResponse'];
export type SettingValue = Schemas['LaneSettingResponse']['value'];
export type LaneActivity = Schemas['LaneActivityResponse'];
export type AuditEntry = Schemas['AuditEntryView'];
export type Delivery = Schemas['DeliveryView'];
export type QueuedRun = Schemas['QueuedRunView'];
export type Progress = Schemas['ProgressResponse'];
export type Batch = Schemas['BatchStatus'];
export type Ingestion = Schemas['StatusHeadResponse'];
export type IngestionSummary = Schemas['IngestionSummary'];
export type IngestionDispatch = Schemas['IngestionDispatch'];
export type Retry = Schemas['RetryView'];
export type BulkAction = Schemas['BulkActionView'];
export type BulkActionKind = Schemas['BulkActionKind'];
export type DeadLetter = Schemas['DeadLetterView'];
export type DeadLetterGroup = Schemas['DeadLetterGroupView'];
export type FailureKind = Schemas['AttemptErrorKind'];
export type History = Schemas['HistoryResponse'];
export const HISTORY_RANGES = [
  'hour',
  'day',
  'week',
  'month',
] as const satisfies readonly Schemas['HistoryRange'][];
export type HistoryRange = Schemas['HistoryRange'];
export type HistoryPoint = Schemas['HistoryPoint'];
export type DispatchView = Schemas['DispatchView'];
export type Scope = Schemas['WhoAmIResponse']['scopes'][number];

/** Forecast for a list if it were submitted now. */
export type Forecast = Pick<
  Ingestion,
  'ids_ahead' | 'estimated_start_at' | 'estimated_completion_at' | 'estimate_unknown'
>;

/** Data of a `queue` event; the OpenAPI document describes events only in prose. */
export interface GateQueue extends Queue {
  readonly now: string;
  readonly next: readonly QueuedRun[];
}

export interface DispatchPart extends QueuedRun {
  /** Number of ids in the part; `ids` holds the first of them. */
  readonly size: number;
}

/** Data of a `dispatch` event. */
export interface Dispatch extends Pick<
  DispatchView,
  'dispatch_id' | 'started_at' | 'ended_at' | 'duration_ms' | 'outcome'
> {
  readonly completed: number;
  readonly unsuccessful: number;
  readonly parts: readonly DispatchPart[];
}

/** Query of `GET /dead-letters` without its page. */
export interface DeadLetterQuery {
  readonly lane?: string;
  readonly kind?: FailureKind;
  readonly message?: string;
  readonly upstream_status?: number;
  readonly client?: string;
  readonly label?: string[];
  readonly ingestion_id?: string;
  readonly failed_from?: string;
}
