// Written by `npm run client:generate` from the OpenAPI document. Not to be edited.

export interface paths {
 "/audit": {
  get: operations["listAuditEntries"];
 };
 "/backup": {
  post: operations["createBackup"];
 };
 "/bulk-actions": {
  get: operations["listBulkActions"];
  post: operations["planBulkAction"];
 };
 "/bulk-actions/{bulk_action_id}": {
  get: operations["getBulkAction"];
 };
 "/bulk-actions/{bulk_action_id}/start": {
  post: operations["startBulkAction"];
 };
 "/bulk-actions/{bulk_action_id}/stop": {
  post: operations["stopBulkAction"];
 };
 "/dead-letters": {
  get: operations["listDeadLetters"];
 };
 "/dead-letters/counts": {
  get: operations["countDeadLetters"];
 };
 "/dead-letters/redrive": {
  post: operations["redriveDeadLetters"];
 };
 "/dispatches": {
  get: operations["listDispatches"];
 };
 "/events": {
  get: operations["watchLane"];
 };
 "/health": {
  get: operations["getHealth"];
 };
 "/health/live": {
  get: operations["getLiveness"];
 };
 "/health/ready": {
  get: operations["getReadiness"];
 };
 "/history": {
  get: operations["getHistory"];
 };
 "/ids/{id}": {
  get: operations["findId"];
 };
 "/ingest": {
  post: operations["submitIngestion"];
 };
 "/ingest/stream": {
  post: operations["submitStream"];
 };
 "/ingestions": {
  get: operations["listIngestions"];
 };
 "/ingestions/{ingestion_id}": {
  delete: operations["deleteIngestion"];
  patch: operations["changePriority"];
 };
 "/ingestions/{ingestion_id}/cancel": {
  post: operations["cancelIngestion"];
 };
 "/ingestions/{ingestion_id}/dispatches": {
  get: operations["listDispatchesOfIngestion"];
 };
 "/ingestions/{ingestion_id}/redrive": {
  post: operations["redriveIngestion"];
 };
 "/ingestions/{ingestion_id}/results": {
  get: operations["listResults"];
 };
 "/ingestions/{ingestion_id}/retries": {
  get: operations["listRetries"];
 };
 "/lanes": {
  get: operations["listLanes"];
 };
 "/lanes/{lane}": {
  get: operations["getLane"];
  put: operations["replaceLaneChanges"];
  delete: operations["retireLane"];
  patch: operations["changeLane"];
 };
 "/lanes/{lane}/settings/{setting}": {
  delete: operations["revertLaneSetting"];
 };
 "/metrics": {
  get: operations["getMetrics"];
 };
 "/queue": {
  get: operations["getQueue"];
 };
 "/queue/activity": {
  get: operations["getLaneActivity"];
 };
 "/queue/next": {
  get: operations["listUpcomingIds"];
 };
 "/queue/pause": {
  post: operations["pauseLane"];
 };
 "/queue/resume": {
  post: operations["resumeLane"];
 };
 "/status/{ingestion_id}": {
  get: operations["getStatus"];
 };
 "/status/{ingestion_id}/events": {
  get: operations["followIngestion"];
 };
 "/webhook-deliveries": {
  get: operations["listWebhookDeliveries"];
 };
 "/webhook-deliveries/{delivery_id}/resend": {
  post: operations["resendWebhookDelivery"];
 };
 "/whoami": {
  get: operations["getCaller"];
 };
}
export type webhooks = Record<string, never>;
export interface components {
 schemas: {
  /** The kind of the error, as in a dead letter. */
  AttemptErrorKind: "network" | "timeout" | "upstream" | "rejected" | "missing_answer" | "bad_answer" | "lapsed";
  /** Only acts of this kind. */
  AuditAction: "pause_lane" | "resume_lane" | "change_lane" | "create_lane" | "retire_lane" | "cancel" | "reprioritize" | "delete" | "redrive" | "discard" | "start_bulk_action" | "stop_bulk_action" | "end_bulk_action" | "resend_webhook";
  AuditEntryView: {
   /** The kind of the act. */
   action: AuditAction;
   /** The address that the request came from; null for an application around the service. */
   address: string | null;
   /** The number of ids or dead letters that were changed; null where nothing is counted. */
   affected: number | null;
   /**
    * Format: date-time
    * When it began.
    */
   at: string;
   /** The name of the API key or token; null without authentication, and for an application around the service. */
   client: string | null;
   /**
    * Format: uuid
    * The id of the entry.
    */
   entry_id: string;
   /** The filter that selected what was changed; null without one. */
   filter: (string | null) | number | boolean | {
    [key: string]: unknown;
   } | unknown[];
   /** The value before; null where the act has none. */
   from: (string | null) | number | boolean | {
    [key: string]: unknown;
   } | unknown[];
   /** The lane; null if several. */
   lane: string | null;
   /** The `X-Request-Id` of the request; null for an application around the service. */
   request_id: string | null;
   /** The id of what was changed, for example of the ingestion; null if a filter selected it. */
   target: string | null;
   /** The value after; null where the act has none. */
   to: (string | null) | number | boolean | {
    [key: string]: unknown;
   } | unknown[];
  };
  AuditPage: {
   /** The newest first. */
   entries: AuditEntryView[];
   /** The value of `after` for the next page; null on the last page. */
   next: string | null;
  };
  BackupResponse: {
   /** Its size in bytes. */
   bytes: number;
   /** The duration of the backup. */
   duration_seconds: number;
   /** The file name in `BACKUP_DIR`. */
   file: string;
  };
  BaseSettingResponse: {
   /** The source of the value: `default`, the `environment`, the lanes `file`, or the `api`, where it was changed. */
   source: SettingSource;
   /** The value as the lanes file would write it: a number, a text, or the list of limits. Null if there is none, and for settings that may hold secrets. */
   value: (string | null) | number | boolean | {
    [key: string]: unknown;
   } | unknown[];
  };
  /** `none` leaves the batches out, which keeps a status small that is requested often. */
  BatchesShown: "all" | "none";
  BatchResult: {
   /** The data that the upstream returned. Only if the id completed and has data. */
   data?: (string | null) | number | boolean | {
    [key: string]: unknown;
   } | unknown[];
   /** The error. Only if the id failed. */
   error?: FailureView;
   /** The id, exact to the last digit. */
   id: bigint;
  };
  BatchStatus: {
   /**
    * Format: uuid
    * The id of the batch. It is the same for the n-th batch of an ingestion from the start.
    */
   batch_id: string;
   /** The error of the first id of the batch that failed. Only if one failed. */
   error?: string;
   /** The ids of the batch, exact, in the order of the list. */
   ids: bigint[];
   /** The results of the ids that have an outcome, in the order of the ids. Only with `include=results`. */
   results?: BatchResult[];
   /** `yet_to_start`: nothing was sent yet. `triggered`: sending has begun, and not every id has an outcome. `completed`: every id succeeded. `failed`: every id has an outcome, and at least one failed. `cancelled`: every id has an outcome or was dropped, and at least one was dropped. */
   status: Status;
  };
  BreakerResponse: {
   /**
    * Format: date-time
    * The time since when it is not closed.
    */
   opened_at: string | null;
   /** The time until a probe; null while closed or probing. */
   probe_in_seconds: number | null;
   /** `open`: several dispatches failed in a row, nothing is sent; `probing`: one dispatch checks whether the upstream works again. */
   state: "closed" | "open" | "probing";
  };
  BulkActionBody: {
   /** The act that is done with all that match. */
   action: BulkActionKind;
   /** For `cancel` and `reprioritize` the filters of `GET /ingestions`, for `redrive` and `discard` those of `GET /dead-letters`; `label` is a list. `{}` selects all. */
   filter: {
    [key: string]: unknown;
   };
   /** The new priority; only for `reprioritize`, which needs it. */
   priority?: Priority;
  };
  /** The act that is done with all that match. */
  BulkActionKind: "cancel" | "reprioritize" | "redrive" | "discard";
  BulkActionPage: {
   /** The newest first. */
   bulk_actions: BulkActionView[];
   /** The value of `after` for the next page; null on the last page. */
   next: string | null;
  };
  /** The state. `expired`: it was not started before `expires_at`. */
  BulkActionState: "planned" | "running" | "stopped" | "completed" | "failed" | "expired";
  BulkActionView: {
   /** The act. */
   action: BulkActionKind;
   /**
    * Format: uuid
    * The id, which is also the token of the plan.
    */
   bulk_action_id: string;
   /**
    * Format: date-time
    * When it was planned.
    */
   created_at: string;
   /**
    * Format: date-time
    * When it was stopped or has ended; null while it runs.
    */
   ended_at: string | null;
   /**
    * Format: date-time
    * The plan can be started until then.
    */
   expires_at: string;
   /** The filter. */
   filter: {
    [key: string]: unknown;
   };
   /** The number of ids in the plan: dead letters, or ids without an outcome, including those in flight, which are not changed. */
   ids: number;
   /** The number of changed ids. */
   ids_done: number;
   /** The number of ingestions in the plan. */
   ingestions: number;
   /** The number of changed ingestions; null for `redrive` and `discard`, which go by id. */
   ingestions_done: number | null;
   /** Why it failed; null otherwise. */
   last_error: string | null;
   /** The new priority; absent unless `action` is `reprioritize`. */
   priority?: Priority;
   /** Ingestions, or dead letters, that match and could not be changed, for example because they have ended. */
   skipped: number;
   /**
    * Format: date-time
    * When it was first started; null before.
    */
   started_at: string | null;
   /** The client that started it; null before, and if authentication is disabled. */
   started_by: string | null;
   /** The state. `expired`: it was not started before `expires_at`. */
   state: BulkActionState;
  };
  CheckResponse: {
   /** The result of the check, for people. */
   message?: string;
   /** `degraded`: it works, but needs attention. */
   status: "up" | "degraded";
  };
  DeadLetterCountsResponse: {
   /** The same by error and lane, the largest first. */
   groups: DeadLetterGroupView[];
   /** All dead letters by the kind of their last error, whatever the filter, including those of cancelled ingestions, which are not sent again. */
   kinds: {
    bad_answer: number;
    lapsed: number;
    missing_answer: number;
    network: number;
    rejected: number;
    timeout: number;
    upstream: number;
   };
   /** The maximum per kind: a kind with this count has this many or more. */
   max_per_kind: number;
   /** The number of dead letters that match. A count that took long is repeated for ten times as long as it took. */
   total_ids: number;
   /** The number of their ingestions. */
   total_ingestions: number;
  };
  DeadLetterGroupView: {
   /**
    * Format: date-time
    * When the first of them failed for good.
    */
   first_failed_at: string;
   /** The number of dead letters. */
   ids: number;
   /** The number of their ingestions. */
   ingestions: number;
   /** The kind of their last error. */
   kind: AttemptErrorKind;
   /** The lane. */
   lane: string;
   /**
    * Format: date-time
    * When the last of them failed for good.
    */
   last_failed_at: string;
   /** The message of their last error; null for further messages, after 200 groups. */
   message: string | null;
   /** The HTTP status of their last response; null if there was none. */
   upstream_status: number | null;
  };
  DeadLetterPage: {
   /** The newest first. */
   dead_letters: DeadLetterView[];
   /** The value of `after` for the next page; null on the last page. */
   next: string | null;
  };
  DeadLetterView: {
   /** All failed attempts, the oldest first, including those before an earlier redrive. */
   attempts: FailedAttemptView[];
   /**
    * Format: uuid
    * The batch of the id.
    */
   batch_id: string;
   /** The client of its ingestion; null if authentication was disabled. */
   client: string | null;
   /**
    * Format: date-time
    * The time when the id failed for good.
    */
   died_at: string;
   /** The kind of its last error. */
   error: FailureView;
   /** The id itself, exact. */
   id: bigint;
   /**
    * Format: uuid
    * The ingestion of the id.
    */
   ingestion_id: string;
   /** The labels of its ingestion; absent if it has none. */
   labels?: {
    [key: string]: string;
   };
   /** The lane of its ingestion. */
   lane: string;
   /** Its position among the ids of its ingestion, from 0. */
   position: number;
   /** The priority of its ingestion. */
   priority: Priority;
   /** The HTTP status of the last response; null if there was none, or if it reported success. */
   upstream_status: number | null;
  };
  DeliveryPage: {
   /** The newest first. */
   deliveries: DeliveryView[];
   /** The value of `after` for the next page; null on the last page. */
   next: string | null;
  };
  /** Only deliveries in this state. */
  DeliveryState: "pending" | "delivered" | "failed";
  DeliveryView: {
   /** Attempts since the delivery was created or resent. */
   attempts: number;
   /**
    * Format: uuid
    * The `webhook-id` of every attempt.
    */
   delivery_id: string;
   /**
    * Format: date-time
    * The time when the ingestion ended.
    */
   ended_at: string;
   /**
    * Format: uuid
    * The ingestion that ended.
    */
   ingestion_id: string;
   /** The last attempt; null before the first one has ended. */
   last_attempt: LastAttemptView | null;
   /**
    * Format: date-time
    * The earliest time of the next attempt; null if there is none.
    */
   next_attempt_at: string | null;
   /** `pending`: not sent yet, or due for a retry. `failed`: abandoned. */
   state: DeliveryState;
   /** The event of the message. */
   type: WebhookType;
   /** The URL of the receiver without its query. */
   url: string;
  };
  DispatchErrorView: {
   /** The id itself, exact. */
   id: bigint;
   /** The kind of the error, as in `/dead-letters`. */
   kind: AttemptErrorKind;
   /** The error message. */
   message: string;
  };
  DispatchList: {
   /** The newest first. */
   dispatches: DispatchView[];
   /** The value of `after` for the next page; null on the last page. */
   next: string | null;
  };
  /** `in_flight`: its call runs. `settled`: every id has an outcome. `lapsed`: the process that made the call stopped before it was recorded, and all ids are sent again. `released`: the call was given up by a stop, or came too late for its slot, and all ids are sent again. */
  DispatchOutcome: "in_flight" | "settled" | "lapsed" | "released";
  DispatchPartView: {
   /** The number of this attempt, from 1; a redrive starts again at 1. */
   attempt: number;
   /**
    * Format: uuid
    * The batch of the ids.
    */
   batch_id: string;
   /** The errors of the ids that did not succeed. */
   errors: DispatchErrorView[];
   /** The ids, exact. */
   ids: bigint[];
   /**
    * Format: uuid
    * The ingestion of the ids.
    */
   ingestion_id: string;
   /** The priority of their ingestion. */
   priority: Priority;
  };
  DispatchView: {
   /** The outcomes of its ids; all 0 while it is in flight. */
   counts: OutcomeCountsView;
   /**
    * Format: uuid
    * The dispatch id; the upstream received it as `Idempotency-Key`.
    */
   dispatch_id: string;
   /** The duration; null while it is in flight. */
   duration_ms: number | null;
   /**
    * Format: date-time
    * The time when its end was recorded; null while it is in flight.
    */
   ended_at: string | null;
   /** The lane of the dispatch. */
   lane: string;
   /** `in_flight`: its call runs. `settled`: every id has an outcome. `lapsed`: the process that made the call stopped before it was recorded, and all ids are sent again. `released`: the call was given up by a stop, or came too late for its slot, and all ids are sent again. */
   outcome: DispatchOutcome;
   /** The ids of the dispatch by batch, without ingestions that retention has deleted. */
   parts: DispatchPartView[];
   /**
    * Format: date-time
    * The time when the dispatch started.
    */
   started_at: string;
  };
  /** With `true` the list is only validated, and the response has the estimate for it. Nothing is queued, and the `Idempotency-Key` is not used. */
  DryRun: "true" | "false";
  FailedAttemptView: {
   /**
    * Format: date-time
    * When its outcome was recorded.
    */
   at: string;
   /** `network`: the call did not get through. `timeout`: it took too long. `upstream`: the upstream failed for now. `rejected`: the upstream refused for good. `missing_answer`: the answer left the id out. `bad_answer`: the answer made no sense. `lapsed`: the gate stopped before the outcome was recorded; this is not counted as an attempt. */
   kind: AttemptErrorKind;
   /** The error message. */
   message: string;
  };
  FailureView: {
   /** The kind of the error, as in a dead letter. */
   kind: AttemptErrorKind;
   /** The error message. */
   message: string;
  };
  FoundIdView: {
   /**
    * Format: date-time
    * The time of acceptance.
    */
   created_at: string;
   /** The error. Only if the id failed. */
   error?: FailureView;
   /**
    * Format: uuid
    * The ingestion.
    */
   ingestion_id: string;
   /** The lane of the ingestion. */
   lane: string;
   /** The position of the id in it, from 0. */
   position: number;
   /** The priority of the ingestion. */
   priority: Priority;
   /** The status of the id. */
   status: Status;
  };
  HealthResponse: {
   /** The state of the circuit breaker; while it is open, ids stay pending. See `/queue`. */
   breaker?: "closed" | "open" | "probing";
   /** The health of each lane, by name. */
   lanes?: {
    [key: string]: LaneHealthResponse;
   };
   /** The number of replicas that share the store, as this one last saw them. */
   replicas?: number;
   /** The name of this service. */
   service: string;
   /** `degraded`: a lane is unwell, see `lanes`. A service that cannot work returns 503. */
   status: "healthy" | "degraded";
   /** The kind and location of the store. */
   store?: string;
   /**
    * Format: date-time
    * The current time.
    */
   timestamp: string;
   /** The upstream, for people. */
   upstream?: string;
   /** Seconds since the start. */
   uptime_seconds?: number;
   /** The version of this replica. */
   version?: string;
  };
  HeldByResponse: {
   /** The strongest cause. `paused`: by an operator. `upstream`: the upstream asked to wait (Retry-After, a limit that is used up, or a 429). `breaker`: the upstream fails. `capacity`: `MAX_IN_FLIGHT` calls are in flight. `nothing_pending`: no id is pending. `retry`: all pending ids are retries that are not due. `limit`: one of `LIMITS` is used up. `filling`: fewer ids than `MIN_FILL` are pending. `pace`: `BATCH_DELAY` since the last dispatch is not over. */
   kind: "paused" | "upstream" | "breaker" | "capacity" | "nothing_pending" | "retry" | "quiet_hours" | "limit" | "filling" | "pace";
   /** The limit, as `LIMITS` states it; null for every other kind. */
   limit: string | null;
   /**
    * Format: date-time
    * The time since when it holds the lane; null if that is unknown.
    */
   since: string | null;
   /** The cause in words, without its times. */
   text: string;
   /**
    * Format: date-time
    * The time at which it ends by itself, rounded to seconds; null if no time ends it, or if that is unknown.
    */
   until: string | null;
  };
  HistoryPoint: {
   /**
    * Format: date-time
    * The start of the step.
    */
   at: string;
   /** Ids that succeeded. */
   completed: number;
   /** Dispatches that ended in it. */
   dispatches: number;
   /** Ids that failed for good. */
   failed: number;
   /** Ids in these dispatches. */
   ids_sent: number;
   /** The duration of the slowest upstream request; null if there was none. */
   latency_max_ms: number | null;
   /** The mean duration of an upstream request; null if there was none. */
   latency_mean_ms: number | null;
   /** Ids that failed and are retried. */
   retried: number;
   /** Pending ids at the end of the step. */
   waiting: HistoryWaiting;
  };
  /** `hour`: the last 60 minutes, one by one. `day`: the last 24 hours, ten minutes at a time. `week`: the last 7 days, by hour. `month`: the last 30 days, four hours at a time. */
  HistoryRange: "hour" | "day" | "week" | "month";
  HistoryResponse: {
   /** The oldest first; the last step is still in progress. */
   points: HistoryPoint[];
   /** The length of a step. */
   step_seconds: number;
  };
  HistoryWaiting: {
   /** Ids of priority HIGH that were never sent. */
   high: number;
   /** Ids of priority LOW that were never sent. */
   low: number;
   /** Ids of priority MEDIUM that were never sent. */
   medium: number;
   /** Ids pending for a retry. */
   retries: number;
  };
  IdSearchView: {
   /** The newest ingestions first. */
   found: FoundIdView[];
   /** The id, exact to the last digit. */
   id: bigint;
   /** The value of `after` with which the search goes on; null if all ingestions were read. It may be set although nothing was found. */
   next: string | null;
   /** The ids that this request read. */
   searched_ids: number;
   /** The ingestions that this request read. */
   searched_ingestions: number;
   /**
    * Format: date-time
    * The time of acceptance of the last ingestion that was read; null if there was none.
    */
   searched_to: string | null;
  };
  IngestionDispatch: {
   /** Ids of this ingestion that succeeded; 0 unless the dispatch is settled. */
   completed: number;
   /**
    * Format: uuid
    * The dispatch id; the upstream received it as `Idempotency-Key`.
    */
   dispatch_id: string;
   /** The duration; null while it is in flight. */
   duration_ms: number | null;
   /**
    * Format: date-time
    * The time when its end was recorded; null while it is in flight.
    */
   ended_at: string | null;
   /** The lane of the dispatch. */
   lane: string;
   /** `in_flight`: its call runs. `settled`: every id has an outcome. `lapsed`: the process that made the call stopped before it was recorded, and all ids are sent again. `released`: the call was given up by a stop, or came too late for its slot, and all ids are sent again. */
   outcome: DispatchOutcome;
   /** The ids of this ingestion by batch. */
   parts: IngestionDispatchPart[];
   /**
    * Format: date-time
    * The time when the dispatch started.
    */
   started_at: string;
   /** Ids of this ingestion that failed or are retried; 0 unless the dispatch is settled. */
   unsuccessful: number;
  };
  IngestionDispatchList: {
   /** The newest first. */
   dispatches: IngestionDispatch[];
   /** The value of `after` for the next page; null on the last page. */
   next: string | null;
  };
  IngestionDispatchPart: {
   /** The number of this attempt, from 1; a redrive starts again at 1. */
   attempt: number;
   /**
    * Format: uuid
    * The batch of the ids.
    */
   batch_id: string;
   /** The errors of the ids that did not succeed. */
   errors: DispatchErrorView[];
   /** The ids, exact. */
   ids: bigint[];
  };
  IngestionList: {
   /** The newest first. With a filter a page may be short or empty although more follow. */
   ingestions: IngestionSummary[];
   /** The value of `after` for the next page; null on the last page. */
   next: string | null;
  };
  IngestionSummary: {
   /** `expired`: what was not sent by `expires_at` was cancelled. Left out in all other cases. */
   cancel_reason?: "expired";
   /** The name of the client that submitted it; null if authentication was disabled then. */
   client: string | null;
   /**
    * Format: date-time
    * The time of acceptance.
    */
   created_at: string;
   /**
    * Format: date-time
    * The time at which the ingestion expires. Only if one was given.
    */
   expires_at?: string;
   /**
    * Format: uuid
    * The `ingestion_id` from the response of `/ingest`.
    */
   ingestion_id: string;
   /** The labels of the ingestion. Only if it has any. */
   labels?: {
    [key: string]: string;
   };
   /** The lane of the ingestion. */
   lane: string;
   /**
    * Format: date-time
    * The time of the last change of the fields above.
    */
   last_updated_at: string;
   /**
    * Format: date-time
    * The time before which the ingestion is not in the queue. Only if one was given. Until then its status is `yet_to_start`, and `ids_ahead` counts as if it were due now.
    */
   not_before?: string;
   /** The priority, as submitted or changed later. */
   priority: Priority;
   /** The number of ids in each state. */
   progress: ProgressResponse;
   /** `yet_to_start`: nothing was sent yet. `triggered`: sending has begun, and not every id has an outcome. `completed`: every id succeeded. `failed`: every id has an outcome, and at least one failed. `cancelled`: every id has an outcome or was dropped, and at least one was dropped. */
   status: Status;
   /** The cost of one id, for limits that count units. Only if it is not 1. */
   units?: number;
  };
  IngestRequest: {
   /**
    * Format: uri
    * The URL that gets a signed `POST` when the list has ended (docs/webhooks.md). It needs `WEBHOOK_MASTER_SECRET` in the service. It must be http or https, without credentials, to a public host or to one in `CALLBACK_ALLOW`.
    */
   callback_url?: string;
   /** Ids that were not sent by this time are cancelled, with the `cancel_reason` `expired`: a time of RFC 3339, or a number of seconds from now. */
   expires_at?: string | number;
   /** The ids in the order in which they are sent. An id that occurs twice is processed twice. Ids are exact to the last digit. */
   ids: (number | bigint)[];
   /** Up to 8 labels, values by name. They are shown with the list, in its webhook and its results, and lists are found by them (`GET /ingestions?label=shop=berlin`). */
   labels?: {
    [key: string]: string;
   };
   /** The lane of the list, one of those that the service has. The default is `default`. */
   lane?: string;
   /** The list is not in the queue before this time: a time of RFC 3339, or a number of seconds from now. A time in the past has no effect. */
   not_before?: string | number;
   /** Ids of a higher priority are always sent first; within a priority, ids are sent in the order of acceptance. */
   priority: Priority;
   /** The cost of one id of the list, for limits of the lane that count units (docs/limits.md). The default is 1. No id may cost more than such a limit lets go. */
   units?: number;
  };
  IngestResponse: {
   /**
    * Format: uuid
    * The id of the ingestion in all other requests.
    */
   ingestion_id: string;
  };
  LaneActivitiesResponse: {
   /** The activity of each lane by name, including `default`. */
   lanes: {
    [key: string]: LaneActivityResponse;
   };
  };
  LaneActivityResponse: {
   /** Dispatches that started in the last minute, of all replicas; more than the maximum are not counted. */
   dispatches_last_minute: number;
   /** An error of the newest dispatch that had one, of any replica; or the last error of the replica that responds, which may count as no attempt. Null if none of the newest 1,000 dispatches had one. */
   last_error: LaneErrorResponse | null;
   /** The age of the oldest ingestion that has ids never sent; null if there is none. */
   oldest_pending_seconds: number | null;
  };
  LaneErrorResponse: {
   /**
    * Format: date-time
    * The time of the attempt.
    */
   at: string;
   /** The reason why the attempt failed. */
   kind: AttemptErrorKind;
   /** The error in words. */
   message: string;
  };
  LaneHealthResponse: {
   /** The state of the circuit breaker; while it is open, ids stay pending. See `/queue`. */
   breaker: "closed" | "open" | "probing";
   /** True if replicas run with different settings of the lane in their environment or lanes file, as in a rollout. All go by those in the store, which `/lanes` shows. */
   settings_differ: boolean;
   /**
    * Format: date-time
    * The time since when a dispatch has been due, if ids may be sent, no known reason blocks them, and no replica has sent a dispatch for several delays. Null while the lane is well.
    */
   unwell_since: string | null;
   /** The upstream, for people. */
   upstream: string;
  };
  /** The place that makes the lane: the `environment`, the lanes `file` or the `api`. */
  LaneMaker: "environment" | "file" | "api";
  LaneResponse: {
   /** The name of the lane. */
   lane: string;
   /** The place that makes the lane: the `environment`, the lanes `file` or the `api`. */
   made_by: LaneMaker;
   /** Each setting by its name in the lanes file. */
   settings: {
    [key: string]: LaneSettingResponse;
   };
   /** `retiring` while the lane takes no new lists and is removed once nothing of it is pending. */
   state: LaneState;
   /** The version of the settings; each change raises it by one. `ETag` has it too. */
   version: number;
  };
  LaneSettingResponse: {
   /** The value to which the setting returns if the change over the API is reverted. */
   base?: BaseSettingResponse;
   /** The source of the value: `default`, the `environment`, the lanes `file`, or the `api`, where it was changed. */
   source: SettingSource;
   /** The value as the lanes file would write it: a number, a text, or the list of limits. Null if there is none, and for settings that may hold secrets. */
   value: (string | null) | number | boolean | {
    [key: string]: unknown;
   } | unknown[];
  };
  LanesResponse: {
   /** All lanes, the lane `default` first. */
   lanes: LaneResponse[];
  };
  /** `retiring` while the lane takes no new lists and is removed once nothing of it is pending. */
  LaneState: "active" | "retiring";
  LastAttemptView: {
   /**
    * Format: date-time
    * The time when the attempt ended.
    */
   at: string;
   /** The error; null if the attempt succeeded. */
   error: string | null;
   /** The status of the receiver's response; null if there was none. */
   http_status: number | null;
  };
  LiveResponse: {
   /** The only value. */
   status: "alive";
  };
  OrderResponse: {
   /** True if the clients of a priority take turns (`FAIR_SHARE`); otherwise its ids are sent in the order of acceptance. */
   fair_share: boolean;
   /** An ingestion gets the next higher priority after each such pending time (`PRIORITY_AGING`); null if priorities do not change. */
   priority_aging_seconds: number | null;
  };
  OutcomeCountsView: {
   /** Ids that succeeded. */
   completed: number;
   /** Ids that failed for good. */
   failed: number;
   /** Ids that failed and are retried. */
   retried: number;
  };
  OutlookResponse: {
   /**
    * Why `estimated_completion_at` is not known; null if it is, or if every id has its outcome. `paused`: the lane is paused. `upstream_fails`: its breaker is open. `no_pace`: nothing limits its pace, and none was measured yet. `late_call`: the last request takes longer than usual.
    * @enum {string|null}
    */
   estimate_unknown: "paused" | "upstream_fails" | "no_pace" | "late_call" | null;
   /**
    * Format: date-time
    * The expected time when the last id has its outcome. Null if every id has one, and where `estimate_unknown` says why nothing is known.
    */
   estimated_completion_at: string | null;
   /**
    * Format: date-time
    * The expected time when the next id that was never sent is sent. Null if there is none, and where `estimate_unknown` says why nothing is known.
    */
   estimated_start_at: string | null;
   /** The cause for which the lane sends none of the ids now; null if the next dispatch may go, or if no id is pending. */
   held_by: HeldByResponse | null;
   /** The number of ids that are sent before the next id of this ingestion that was never sent. Retries are counted up to 10,000. With `PRIORITY_AGING` the ids of this ingestion may overtake some. 0 if all ids were sent. */
   ids_ahead: number;
  };
  PaceResponse: {
   /** The time between two dispatches; 0: no delay. */
   batch_delay_seconds: number;
   /** The maximum number of ids in a dispatch. */
   batch_size: number;
   /** The `LIMITS` of the lane in words; empty if it has none. */
   limits: string[];
   /** The percentage of the slots of the last minute (at most 100 slots) that all replicas used; null without a rate limit. */
   used_percent: number | null;
  };
  /** Ids of a higher priority are always sent first; within a priority, ids are sent in the order of acceptance. */
  Priority: "HIGH" | "MEDIUM" | "LOW";
  PriorityRequest: {
   /** The new priority of the pending ids. */
   priority: Priority;
  };
  Problem: {
   /** The cause, for programs. */
   code: "invalid" | "not_found" | "conflict" | "precondition_failed" | "too_large" | "mismatch" | "rate_limited" | "unsupported" | "unavailable" | "unauthenticated" | "forbidden" | "method_not_allowed" | "timeout" | "unsupported_media_type" | "internal";
   /** The error message for people. If fields are not valid, it is about the first one. */
   detail: string;
   /** All fields that are not valid. */
   errors?: ProblemField[];
   /** The first field, parameter or header that is not valid. */
   param?: string;
   /** The HTTP status. */
   status: number;
   /** The HTTP status. */
   status_code: number;
   /** The name of the HTTP status. */
   title: string;
   /** Always `about:blank`: the status is the only type. */
   type: string;
  };
  ProblemField: {
   /** The field, parameter or header. */
   field: string;
   /** The reason why it is not valid. */
   message: string;
  };
  ProgressResponse: {
   /** Ids that were dropped because the ingestion was cancelled. */
   cancelled: number;
   /** Ids that succeeded. */
   completed: number;
   /** Ids that failed for good. */
   failed: number;
   /** Ids that were sent and have no outcome: in flight, or due for a retry. */
   in_flight: number;
   /** Percentage of ids that have an outcome or were dropped. It is 100 only when all are. */
   percent: number;
   /** The number of ids in the list. */
   total: number;
   /** Ids that were never sent. */
   yet_to_start: number;
  };
  QueuedRunView: {
   /** The ids, exact, in the order of dispatch. */
   ids: bigint[];
   /**
    * Format: uuid
    * The ingestion of the ids.
    */
   ingestion_id: string;
   /** Its priority. */
   priority: Priority;
   /** True if the ids were sent before and are due again. */
   retry: boolean;
  };
  QueueResponse: {
   /** The circuit breaker of the replica that responds; each replica has its own. */
   breaker: BreakerResponse;
   /** The time until all ids pending now are sent, if nothing more is submitted and none fails. Null while nobody knows: while paused, while the breaker is not closed, and where no limit says anything about the pace. */
   empty_in_seconds: number | null;
   /** The cause for which nothing is sent now; null if the next dispatch may go. */
   held_by: HeldByResponse | null;
   /** The remaining time for which the upstream holds the lane, by Retry-After, its limits or a 429. */
   held_for_seconds: number;
   /** Ids in flight. */
   in_flight: number;
   /** The time until the next dispatch may start; null while paused. */
   next_slot_in_seconds: number | null;
   /** The settings that order ids, in addition to their priorities. */
   order: OrderResponse;
   /** The pace of dispatches. */
   pace: PaceResponse;
   /** True while nothing is dispatched; ingestions are still accepted. */
   paused: boolean;
   /**
    * Format: date-time
    * The time of the pause; null while the lane is not paused.
    */
   paused_at: string | null;
   /** Pending retries that are due now; more than 100,000 are not counted. */
   retries_due: number;
   /** Ids that are pending for a retry; more than 100,000 are not counted. */
   retries_waiting: number;
   /** Ids of lists that are scheduled for later (`not_before`); they are not among `waiting`. */
   scheduled: number;
   /** The reason why the lane dispatches or does not; the first that applies. `paused`: by an operator. `held`: the upstream asked to wait (Retry-After, a limit that is used up, or a 429). `breaker_open`: the upstream fails. `breaker_probing`: one dispatch checks the upstream. `limited`: one of `LIMITS` is used up. `at_capacity`: `MAX_IN_FLIGHT` upstream requests are in flight. `idle`: no id is pending. `waiting_for_retry`: all pending ids are retries that are not due yet. `open`: ids may be sent. The breaker and the capacity are those of the replica that responds. */
   state: "open" | "idle" | "waiting_for_retry" | "at_capacity" | "paused" | "held" | "quiet_hours" | "limited" | "filling" | "breaker_open" | "breaker_probing";
   /** The remaining time of `held`, `limited` or `breaker_open`; otherwise null. */
   state_ends_in_seconds: number | null;
   /**
    * Format: date-time
    * The time since when the state is `paused`, `breaker_open` or `breaker_probing`; otherwise null.
    */
   state_since: string | null;
   /**
    * Format: date-time
    * The time since when a dispatch has been due, if ids may be sent, no reason above blocks them, and no replica has sent a dispatch for several delays; as seen by the replica that responds. Null while the lane is well.
    */
   unwell_since: string | null;
   /** Ids that were never sent. */
   waiting: WaitingResponse;
  };
  QueuesResponse: {
   /** The circuit breaker of the replica that responds; each replica has its own. */
   breaker: BreakerResponse;
   /** The time until all ids pending now are sent, if nothing more is submitted and none fails. Null while nobody knows: while paused, while the breaker is not closed, and where no limit says anything about the pace. */
   empty_in_seconds: number | null;
   /** The cause for which nothing is sent now; null if the next dispatch may go. */
   held_by: HeldByResponse | null;
   /** The remaining time for which the upstream holds the lane, by Retry-After, its limits or a 429. */
   held_for_seconds: number;
   /** Ids in flight. */
   in_flight: number;
   /** The state of each lane by name, including `default`. The fields next to it are those of the default lane. */
   lanes: {
    [key: string]: QueueResponse;
   };
   /** The time until the next dispatch may start; null while paused. */
   next_slot_in_seconds: number | null;
   /** The settings that order ids, in addition to their priorities. */
   order: OrderResponse;
   /** The pace of dispatches. */
   pace: PaceResponse;
   /** True while nothing is dispatched; ingestions are still accepted. */
   paused: boolean;
   /**
    * Format: date-time
    * The time of the pause; null while the lane is not paused.
    */
   paused_at: string | null;
   /** Pending retries that are due now; more than 100,000 are not counted. */
   retries_due: number;
   /** Ids that are pending for a retry; more than 100,000 are not counted. */
   retries_waiting: number;
   /** Ids of lists that are scheduled for later (`not_before`); they are not among `waiting`. */
   scheduled: number;
   /** The reason why the lane dispatches or does not; the first that applies. `paused`: by an operator. `held`: the upstream asked to wait (Retry-After, a limit that is used up, or a 429). `breaker_open`: the upstream fails. `breaker_probing`: one dispatch checks the upstream. `limited`: one of `LIMITS` is used up. `at_capacity`: `MAX_IN_FLIGHT` upstream requests are in flight. `idle`: no id is pending. `waiting_for_retry`: all pending ids are retries that are not due yet. `open`: ids may be sent. The breaker and the capacity are those of the replica that responds. */
   state: "open" | "idle" | "waiting_for_retry" | "at_capacity" | "paused" | "held" | "quiet_hours" | "limited" | "filling" | "breaker_open" | "breaker_probing";
   /** The remaining time of `held`, `limited` or `breaker_open`; otherwise null. */
   state_ends_in_seconds: number | null;
   /**
    * Format: date-time
    * The time since when the state is `paused`, `breaker_open` or `breaker_probing`; otherwise null.
    */
   state_since: string | null;
   /**
    * Format: date-time
    * The time since when a dispatch has been due, if ids may be sent, no reason above blocks them, and no replica has sent a dispatch for several delays; as seen by the replica that responds. Null while the lane is well.
    */
   unwell_since: string | null;
   /** Ids that were never sent. */
   waiting: WaitingResponse;
  };
  ReadyResponse: {
   /** `drain`, `store`, `schema` (migrations), `disk`, `event_loop` and `lanes`. */
   checks: {
    [key: string]: CheckResponse;
   };
   /** `degraded`: a check found something that needs attention. */
   status: "ready" | "degraded";
  };
  RedriveResponse: {
   /** The number of dead letters that were requeued; 0 if none matched. */
   redriven: number;
  };
  ResultPageView: {
   /** The labels of the ingestion. Only if it has any. */
   labels?: {
    [key: string]: string;
   };
   /** The value of `after` for the next page; null on the last page. */
   next: string | null;
   /** The results in the order of the ids. */
   results: ResultView[];
  };
  ResultView: {
   /** The data that the upstream returned, with exact numbers. Only if the id completed and has data. */
   data?: (string | null) | number | boolean | {
    [key: string]: unknown;
   } | unknown[];
   /** The error. Only if the id failed. */
   error?: FailureView;
   /** The id, exact to the last digit. */
   id: bigint;
   /** The status of the id. */
   status: Status;
  };
  RetryListView: {
   /** The attempts after which an id of the lane fails (`MAX_ATTEMPTS`). */
   max_attempts: number;
   /** The soonest first. */
   retries: RetryView[];
  };
  RetryView: {
   /** The id, exact to the last digit. */
   id: bigint;
   /** The error of its last failed attempt, also of one before a redrive; null if none failed. */
   last_error: FailureView | null;
   /**
    * Format: date-time
    * The time when its last failed attempt ended; null if none failed.
    */
   last_failed_at: string | null;
   /** The number of its next attempt, from 1; a redrive starts again at 1. */
   next_attempt: number;
   /**
    * Format: date-time
    * The time from which on it may be sent, rounded to seconds.
    */
   next_attempt_at: string;
   /** Its position in the list, from 0. */
   position: number;
  };
  /** The source of the value: `default`, the `environment`, the lanes `file`, or the `api`, where it was changed. */
  SettingSource: "default" | "environment" | "file" | "api";
  /** `yet_to_start`: nothing was sent yet. `triggered`: sending has begun, and not every id has an outcome. `completed`: every id succeeded. `failed`: every id has an outcome, and at least one failed. `cancelled`: every id has an outcome or was dropped, and at least one was dropped. */
  Status: "yet_to_start" | "triggered" | "completed" | "failed" | "cancelled";
  StatusHeadResponse: {
   /** `expired`: what was not sent by `expires_at` was cancelled. Left out in all other cases. */
   cancel_reason?: "expired";
   /**
    * Format: date-time
    * The time of acceptance.
    */
   created_at: string;
   /**
    * Why `estimated_completion_at` is not known; null if it is, or if every id has its outcome. `paused`: the lane is paused. `upstream_fails`: its breaker is open. `no_pace`: nothing limits its pace, and none was measured yet. `late_call`: the last request takes longer than usual.
    * @enum {string|null}
    */
   estimate_unknown: "paused" | "upstream_fails" | "no_pace" | "late_call" | null;
   /**
    * Format: date-time
    * The expected time when the last id has its outcome. Null if every id has one, and where `estimate_unknown` says why nothing is known.
    */
   estimated_completion_at: string | null;
   /**
    * Format: date-time
    * The expected time when the next id that was never sent is sent. Null if there is none, and where `estimate_unknown` says why nothing is known.
    */
   estimated_start_at: string | null;
   /**
    * Format: date-time
    * The time at which the ingestion expires. Only if one was given.
    */
   expires_at?: string;
   /** The cause for which the lane sends none of the ids now; null if the next dispatch may go, or if no id is pending. */
   held_by: HeldByResponse | null;
   /** The number of ids that are sent before the next id of this ingestion that was never sent. Retries are counted up to 10,000. With `PRIORITY_AGING` the ids of this ingestion may overtake some. 0 if all ids were sent. */
   ids_ahead: number;
   /**
    * Format: uuid
    * The `ingestion_id` from the response of `/ingest`.
    */
   ingestion_id: string;
   /** The labels of the ingestion. Only if it has any. */
   labels?: {
    [key: string]: string;
   };
   /** The lane of the ingestion. */
   lane: string;
   /**
    * Format: date-time
    * The time of the last change of the fields above.
    */
   last_updated_at: string;
   /**
    * Format: date-time
    * The time before which the ingestion is not in the queue. Only if one was given. Until then its status is `yet_to_start`, and `ids_ahead` counts as if it were due now.
    */
   not_before?: string;
   /** The priority, as submitted or changed later. */
   priority: Priority;
   /** The number of ids in each state. */
   progress: ProgressResponse;
   /** `yet_to_start`: nothing was sent yet. `triggered`: sending has begun, and not every id has an outcome. `completed`: every id succeeded. `failed`: every id has an outcome, and at least one failed. `cancelled`: every id has an outcome or was dropped, and at least one was dropped. */
   status: Status;
   /** The cost of one id, for limits that count units. Only if it is not 1. */
   units?: number;
  };
  /** `results` adds the results of its ids to each batch, as the original system did. For many results use `/ingestions/{ingestion_id}/results`. */
  StatusInclusion: "results";
  StatusResponse: {
   /** The batches in the order of the ids; each id is in one batch. Left out with `batches=none`. */
   batches?: BatchStatus[];
   /** `expired`: what was not sent by `expires_at` was cancelled. Left out in all other cases. */
   cancel_reason?: "expired";
   /**
    * Format: date-time
    * The time of acceptance.
    */
   created_at: string;
   /**
    * Why `estimated_completion_at` is not known; null if it is, or if every id has its outcome. `paused`: the lane is paused. `upstream_fails`: its breaker is open. `no_pace`: nothing limits its pace, and none was measured yet. `late_call`: the last request takes longer than usual.
    * @enum {string|null}
    */
   estimate_unknown: "paused" | "upstream_fails" | "no_pace" | "late_call" | null;
   /**
    * Format: date-time
    * The expected time when the last id has its outcome. Null if every id has one, and where `estimate_unknown` says why nothing is known.
    */
   estimated_completion_at: string | null;
   /**
    * Format: date-time
    * The expected time when the next id that was never sent is sent. Null if there is none, and where `estimate_unknown` says why nothing is known.
    */
   estimated_start_at: string | null;
   /**
    * Format: date-time
    * The time at which the ingestion expires. Only if one was given.
    */
   expires_at?: string;
   /** The cause for which the lane sends none of the ids now; null if the next dispatch may go, or if no id is pending. */
   held_by: HeldByResponse | null;
   /** The number of ids that are sent before the next id of this ingestion that was never sent. Retries are counted up to 10,000. With `PRIORITY_AGING` the ids of this ingestion may overtake some. 0 if all ids were sent. */
   ids_ahead: number;
   /**
    * Format: uuid
    * The `ingestion_id` from the response of `/ingest`.
    */
   ingestion_id: string;
   /** The labels of the ingestion. Only if it has any. */
   labels?: {
    [key: string]: string;
   };
   /** The lane of the ingestion. */
   lane: string;
   /**
    * Format: date-time
    * The time of the last change of the fields above.
    */
   last_updated_at: string;
   /** The value of `after` for the next page; null on the last page. Only if `limit` or `after` was given. */
   next?: string | null;
   /**
    * Format: date-time
    * The time before which the ingestion is not in the queue. Only if one was given. Until then its status is `yet_to_start`, and `ids_ahead` counts as if it were due now.
    */
   not_before?: string;
   /** The priority, as submitted or changed later. */
   priority: Priority;
   /** The number of ids in each state. */
   progress: ProgressResponse;
   /** `yet_to_start`: nothing was sent yet. `triggered`: sending has begun, and not every id has an outcome. `completed`: every id succeeded. `failed`: every id has an outcome, and at least one failed. `cancelled`: every id has an outcome or was dropped, and at least one was dropped. */
   status: Status;
   /** The cost of one id, for limits that count units. Only if it is not 1. */
   units?: number;
  };
  StreamResponse: {
   /**
    * Format: uuid
    * The id of the ingestion in all other requests.
    */
   ingestion_id: string;
   /** The number of ids in the list. */
   total: number;
  };
  UpcomingResponse: {
   /** In the order of dispatch, if nothing more is submitted and no retry becomes due. */
   next: QueuedRunView[];
  };
  WaitingResponse: {
   /** Ids of priority HIGH. */
   high: number;
   /** Ids of priority LOW. */
   low: number;
   /** Ids of priority MEDIUM. */
   medium: number;
   /** Ids of all priorities. */
   total: number;
  };
  /** The event of the message. */
  WebhookType: "ingestion.completed" | "ingestion.failed" | "ingestion.cancelled";
  WhoAmIResponse: {
   /** The name of the client; null if authentication is disabled. */
   client: string | null;
   /** True if requests must be authenticated; otherwise every client may do everything. */
   keys: boolean;
   /** The lanes that an ingestion may name, the default lane first. */
   lanes: string[];
   /** The scopes of the client. `admin` includes the others, and `observe` includes `read`; those are then listed too. */
   scopes: ("submit" | "read" | "observe" | "admin")[];
  };
 };
 responses: {
  /** An error. */
  Error: {
   content: {
    "application/problem+json": Problem;
   };
  };
 };
 parameters: never;
 requestBodies: never;
 headers: never;
 pathItems: never;
}
export type AttemptErrorKind = components['schemas']['AttemptErrorKind'];
export type AuditAction = components['schemas']['AuditAction'];
export type AuditEntryView = components['schemas']['AuditEntryView'];
export type AuditPage = components['schemas']['AuditPage'];
export type BackupResponse = components['schemas']['BackupResponse'];
export type BaseSettingResponse = components['schemas']['BaseSettingResponse'];
export type BatchesShown = components['schemas']['BatchesShown'];
export type BatchResult = components['schemas']['BatchResult'];
export type BatchStatus = components['schemas']['BatchStatus'];
export type BreakerResponse = components['schemas']['BreakerResponse'];
export type BulkActionBody = components['schemas']['BulkActionBody'];
export type BulkActionKind = components['schemas']['BulkActionKind'];
export type BulkActionPage = components['schemas']['BulkActionPage'];
export type BulkActionState = components['schemas']['BulkActionState'];
export type BulkActionView = components['schemas']['BulkActionView'];
export type CheckResponse = components['schemas']['CheckResponse'];
export type DeadLetterCountsResponse = components['schemas']['DeadLetterCountsResponse'];
export type DeadLetterGroupView = components['schemas']['DeadLetterGroupView'];
export type DeadLetterPage = components['schemas']['DeadLetterPage'];
export type DeadLetterView = components['schemas']['DeadLetterView'];
export type DeliveryPage = components['schemas']['DeliveryPage'];
export type DeliveryState = components['schemas']['DeliveryState'];
export type DeliveryView = components['schemas']['DeliveryView'];
export type DispatchErrorView = components['schemas']['DispatchErrorView'];
export type DispatchList = components['schemas']['DispatchList'];
export type DispatchOutcome = components['schemas']['DispatchOutcome'];
export type DispatchPartView = components['schemas']['DispatchPartView'];
export type DispatchView = components['schemas']['DispatchView'];
export type DryRun = components['schemas']['DryRun'];
export type FailedAttemptView = components['schemas']['FailedAttemptView'];
export type FailureView = components['schemas']['FailureView'];
export type FoundIdView = components['schemas']['FoundIdView'];
export type HealthResponse = components['schemas']['HealthResponse'];
export type HeldByResponse = components['schemas']['HeldByResponse'];
export type HistoryPoint = components['schemas']['HistoryPoint'];
export type HistoryRange = components['schemas']['HistoryRange'];
export type HistoryResponse = components['schemas']['HistoryResponse'];
export type HistoryWaiting = components['schemas']['HistoryWaiting'];
export type IdSearchView = components['schemas']['IdSearchView'];
export type IngestionDispatch = components['schemas']['IngestionDispatch'];
export type IngestionDispatchList = components['schemas']['IngestionDispatchList'];
export type IngestionDispatchPart = components['schemas']['IngestionDispatchPart'];
export type IngestionList = components['schemas']['IngestionList'];
export type IngestionSummary = components['schemas']['IngestionSummary'];
export type IngestRequest = components['schemas']['IngestRequest'];
export type IngestResponse = components['schemas']['IngestResponse'];
export type LaneActivitiesResponse = components['schemas']['LaneActivitiesResponse'];
export type LaneActivityResponse = components['schemas']['LaneActivityResponse'];
export type LaneErrorResponse = components['schemas']['LaneErrorResponse'];
export type LaneHealthResponse = components['schemas']['LaneHealthResponse'];
export type LaneMaker = components['schemas']['LaneMaker'];
export type LaneResponse = components['schemas']['LaneResponse'];
export type LaneSettingResponse = components['schemas']['LaneSettingResponse'];
export type LanesResponse = components['schemas']['LanesResponse'];
export type LaneState = components['schemas']['LaneState'];
export type LastAttemptView = components['schemas']['LastAttemptView'];
export type LiveResponse = components['schemas']['LiveResponse'];
export type OrderResponse = components['schemas']['OrderResponse'];
export type OutcomeCountsView = components['schemas']['OutcomeCountsView'];
export type OutlookResponse = components['schemas']['OutlookResponse'];
export type PaceResponse = components['schemas']['PaceResponse'];
export type Priority = components['schemas']['Priority'];
export type PriorityRequest = components['schemas']['PriorityRequest'];
export type Problem = components['schemas']['Problem'];
export type ProblemField = components['schemas']['ProblemField'];
export type ProgressResponse = components['schemas']['ProgressResponse'];
export type QueuedRunView = components['schemas']['QueuedRunView'];
export type QueueResponse = components['schemas']['QueueResponse'];
export type QueuesResponse = components['schemas']['QueuesResponse'];
export type ReadyResponse = components['schemas']['ReadyResponse'];
export type RedriveResponse = components['schemas']['RedriveResponse'];
export type ResultPageView = components['schemas']['ResultPageView'];
export type ResultView = components['schemas']['ResultView'];
export type RetryListView = components['schemas']['RetryListView'];
export type RetryView = components['schemas']['RetryView'];
export type SettingSource = components['schemas']['SettingSource'];
export type Status = components['schemas']['Status'];
export type StatusHeadResponse = components['schemas']['StatusHeadResponse'];
export type StatusInclusion = components['schemas']['StatusInclusion'];
export type StatusResponse = components['schemas']['StatusResponse'];
export type StreamResponse = components['schemas']['StreamResponse'];
export type UpcomingResponse = components['schemas']['UpcomingResponse'];
export type WaitingResponse = components['schemas']['WaitingResponse'];
export type WebhookType = components['schemas']['WebhookType'];
export type WhoAmIResponse = components['schemas']['WhoAmIResponse'];
export type ResponseError = components['responses']['Error'];
export type $defs = Record<string, never>;
export interface operations {
 listAuditEntries: {
  parameters: {
   query?: {
    /** Only acts of this kind. */
    action?: AuditAction;
    /** The `next` of the previous page. */
    after?: string;
    /** Only acts of this client. */
    client?: string;
    /** Only acts at this time or later. */
    from?: string;
    /** Only acts on this lane, or on lists of it. */
    lane?: string;
    /** The maximum number of entries. */
    limit?: number;
    /** Only acts on what has this id, for example an ingestion. */
    target?: string;
    /** Only acts at this time or earlier. */
    to?: string;
   };
  };
  responses: {
   /** A page of entries, the newest first. */
   200: {
    content: {
     "application/json": AuditPage;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 createBackup: {
  responses: {
   /** The backup is complete and on the disk. */
   200: {
    content: {
     "application/json": BackupResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listBulkActions: {
  parameters: {
   query?: {
    /** The `next` of the previous page. */
    after?: string;
    /** The maximum number of actions. */
    limit?: number;
   };
  };
  responses: {
   /** A page of actions, the newest first. */
   200: {
    content: {
     "application/json": BulkActionPage;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 planBulkAction: {
  requestBody: {
   content: {
    "application/json": BulkActionBody;
   };
  };
  responses: {
   /** The plan. */
   201: {
    content: {
     "application/json": BulkActionView;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getBulkAction: {
  parameters: {
   path: {
    /** The id that `POST /bulk-actions` returned. */
    bulk_action_id: string;
   };
  };
  responses: {
   /** The action. */
   200: {
    content: {
     "application/json": BulkActionView;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 startBulkAction: {
  parameters: {
   path: {
    /** The id that `POST /bulk-actions` returned. */
    bulk_action_id: string;
   };
  };
  responses: {
   /** The action, which is running. */
   202: {
    content: {
     "application/json": BulkActionView;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 stopBulkAction: {
  parameters: {
   path: {
    /** The id that `POST /bulk-actions` returned. */
    bulk_action_id: string;
   };
  };
  responses: {
   /** The action, which is stopped. */
   200: {
    content: {
     "application/json": BulkActionView;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listDeadLetters: {
  parameters: {
   query?: {
    /** The `next` of the previous page. */
    after?: string;
    /** Only dead letters of this client. */
    client?: string;
    /** Only ids that failed before this time. */
    failed_before?: string;
    /** Only ids that failed at this time or later. */
    failed_from?: string;
    /** Only items of this ingestion. */
    ingestion_id?: string;
    /** Only dead letters whose last error is of this kind. */
    kind?: AttemptErrorKind;
    /** Only dead letters of ingestions with this label, `name=value`. Repeat it for those that have all of the labels. */
    label?: string[];
    /** Only dead letters of this lane. */
    lane?: string;
    /** The maximum number of items. */
    limit?: number;
    /** Only dead letters whose last error has exactly this message. */
    message?: string;
    /** Only dead letters whose last response had this HTTP status. */
    upstream_status?: number;
   };
  };
  responses: {
   /** A page of dead letters, or all that match as lines. */
   200: {
    content: {
     "application/json": DeadLetterPage;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 countDeadLetters: {
  parameters: {
   query?: {
    /** Only dead letters of this client. */
    client?: string;
    /** Only ids that failed before this time. */
    failed_before?: string;
    /** Only ids that failed at this time or later. */
    failed_from?: string;
    /** Only items of this ingestion. */
    ingestion_id?: string;
    /** Only dead letters whose last error is of this kind. */
    kind?: AttemptErrorKind;
    /** Only dead letters of ingestions with this label, `name=value`. Repeat it for those that have all of the labels. */
    label?: string[];
    /** Only dead letters of this lane. */
    lane?: string;
    /** Only dead letters whose last error has exactly this message. */
    message?: string;
    /** Only dead letters whose last response had this HTTP status. */
    upstream_status?: number;
   };
  };
  responses: {
   /** The counts. */
   200: {
    content: {
     "application/json": DeadLetterCountsResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 redriveDeadLetters: {
  parameters: {
   query?: {
    /** `true` sends every dead letter of every ingestion again; cannot be combined with another parameter. */
    all?: string;
    /** Only items of this ingestion. */
    ingestion_id?: string;
    /** Only dead letters whose last error is of this kind. */
    kind?: AttemptErrorKind;
    /** Only the id at this position of `ingestion_id`, which is then required. */
    position?: number;
   };
  };
  responses: {
   /** The number of requeued dead letters. */
   200: {
    content: {
     "application/json": RedriveResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listDispatches: {
  parameters: {
   query?: {
    /** The `next` of the previous page. */
    after?: string;
    /** Only dispatches with ids of this ingestion. */
    ingestion_id?: string;
    /** Only dispatches of this lane. */
    lane?: string;
    /** The maximum number of items. */
    limit?: number;
   };
  };
  responses: {
   /** A page of dispatches, the newest first. */
   200: {
    content: {
     "application/json": DispatchList;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 watchLane: {
  parameters: {
   query?: {
    /** The lane; default: `default`. */
    lane?: string;
   };
  };
  responses: {
   /** The events, until the client disconnects. */
   200: {
    content: {
     "text/event-stream": string;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getHealth: {
  responses: {
   /** The service is able to do its work. */
   200: {
    content: {
     "application/json": HealthResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getLiveness: {
  responses: {
   /** The process responds. */
   200: {
    content: {
     "application/json": LiveResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getReadiness: {
  responses: {
   /** The service is ready. */
   200: {
    content: {
     "application/json": ReadyResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getHistory: {
  parameters: {
   query?: {
    /** Only this lane; default: all lanes. */
    lane?: string;
    /** `hour`: the last 60 minutes, one by one. `day`: the last 24 hours, ten minutes at a time. `week`: the last 7 days, by hour. `month`: the last 30 days, four hours at a time. */
    range?: HistoryRange;
   };
  };
  responses: {
   /** One point for each step of time. */
   200: {
    content: {
     "application/json": HistoryResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 findId: {
  parameters: {
   query?: {
    /** The `next` of the previous page. */
    after?: string;
    /** The maximum number of ingestions that are found. */
    limit?: number;
   };
   path: {
    /** The id, exact. */
    id: bigint;
   };
  };
  responses: {
   /** What was found, and how far the search is. */
   200: {
    content: {
     "application/json": IdSearchView;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 submitIngestion: {
  parameters: {
   header?: {
    /** Identifies this request. A request with the same key and body is not accepted twice. */
    "Idempotency-Key"?: string;
   };
  };
  requestBody: {
   content: {
    "application/json": IngestRequest;
   };
  };
  responses: {
   /** The list is accepted and stored. */
   200: {
    headers: {
     /** `true` if the list was accepted by an earlier request and nothing new was queued. */
     "Idempotency-Replayed"?: "true";
     /** The path of the status: `/status/{ingestion_id}`, behind `PUBLIC_PATH` if there is one. */
     Location?: string;
     [name: string]: unknown;
    };
    content: {
     "application/json": IngestResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 submitStream: {
  parameters: {
   query: {
    /** Only for `text/csv`: the column with the ids, by its name in the header or by its number from 1. The default is the first column. */
    column?: string;
    /** Ids that were not sent by this time are cancelled, with the `cancel_reason` `expired`: a time of RFC 3339, or a number of seconds from now. */
    expires_at?: string;
    /** A label of the list, `name=value`. Repeat it for each label, at most 8. */
    label?: string[];
    /** The lane of the list. The default is `default`. */
    lane?: string;
    /** The list is not in the queue before this time: a time of RFC 3339, or a number of seconds from now. A time in the past has no effect. */
    not_before?: string;
    /** Ids of a higher priority are always sent first; within a priority, ids are sent in the order of acceptance. */
    priority: Priority;
    /** The cost of one id of the list, for limits of the lane that count units, as `units` of `POST /ingest`. */
    units?: number;
   };
   header?: {
    /** The compression of the list. */
    "Content-Encoding"?: "gzip" | "identity";
    /** Identifies this request. A request with the same key and list is not accepted twice. */
    "Idempotency-Key"?: string;
    /** The URL for the webhook when the list has ended, as `callback_url` of `POST /ingest`. 400 if it is not allowed. */
    "X-Callback-Url"?: string;
   };
  };
  /** The ids in the order in which they are sent; an id that occurs twice is processed twice. One id per line; as CSV with or without a header and other columns; as NDJSON also `{"id": 7}`. */
  requestBody: {
   content: {
    "application/x-ndjson": string;
    "text/csv": string;
    "text/plain": string;
   };
  };
  responses: {
   /** The list is accepted and stored. */
   200: {
    headers: {
     /** `true` if the list was accepted by an earlier request and nothing new was queued. */
     "Idempotency-Replayed"?: "true";
     /** The path of the status: `/status/{ingestion_id}`, behind `PUBLIC_PATH` if there is one. */
     Location?: string;
     [name: string]: unknown;
    };
    content: {
     "application/json": StreamResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listIngestions: {
  parameters: {
   query?: {
    /** The `next` of the previous page. */
    after?: string;
    /** Only ingestions of this client. A client without the scope `observe` or `admin` always gets only its own. */
    client?: string;
    /** Only ingestions accepted at this time or later. */
    created_from?: string;
    /** Only ingestions accepted at this time or earlier. */
    created_to?: string;
    /** Only ingestions whose id begins or ends with this: 4 or more of its characters. The dashboard marks each ingestion with the last 4. */
    ingestion_id?: string;
    /** Only ingestions with this label, `name=value`. Repeat it for those that have all of the labels. */
    label?: string[];
    /** Only ingestions in this lane. */
    lane?: string;
    /** The maximum number of ingestions. */
    limit?: number;
    /** Only ingestions with this priority. */
    priority?: Priority;
    /** Only ingestions with this status. */
    status?: Status;
   };
  };
  responses: {
   /** A page of ingestions, the newest first, or all of them as lines. */
   200: {
    content: {
     "application/json": IngestionList;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 deleteIngestion: {
  parameters: {
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  responses: {
   /** It is deleted. */
   204: {
    content?: never;
   };
   default: components["responses"]["Error"];
  };
 };
 changePriority: {
  parameters: {
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  requestBody: {
   content: {
    "application/json": PriorityRequest;
   };
  };
  responses: {
   /** The status of the ingestion now. */
   200: {
    content: {
     "application/json": StatusHeadResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 cancelIngestion: {
  parameters: {
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  responses: {
   /** The status of the ingestion now. */
   200: {
    content: {
     "application/json": StatusHeadResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listDispatchesOfIngestion: {
  parameters: {
   query?: {
    /** The `next` of the previous page. */
    after?: string;
    /** The maximum number of items. */
    limit?: number;
   };
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  responses: {
   /** A page of dispatches, the newest first. */
   200: {
    content: {
     "application/json": IngestionDispatchList;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 redriveIngestion: {
  parameters: {
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  responses: {
   /** The number of requeued dead letters; 0 if there were none. */
   200: {
    content: {
     "application/json": RedriveResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listResults: {
  parameters: {
   query?: {
    /** The `next` of the previous page; 0 for the first page. */
    after?: string;
    /** The maximum number of results. A page ends earlier if its data reaches one megabyte. */
    limit?: number;
    /** Only ids with this status. A page may then be short, or empty, and still have a `next`; those that failed are found at once wherever they stand. */
    status?: Status;
   };
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  responses: {
   /** A page of results, or all results as lines. */
   200: {
    content: {
     "application/json": ResultPageView;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listRetries: {
  parameters: {
   query?: {
    /** The maximum number of ids. */
    limit?: number;
   };
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  responses: {
   /** The pending retries, the soonest first. */
   200: {
    content: {
     "application/json": RetryListView;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listLanes: {
  responses: {
   /** All lanes. */
   200: {
    content: {
     "application/json": LanesResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getLane: {
  parameters: {
   path: {
    /** The name of the lane. */
    lane: string;
   };
  };
  responses: {
   /** The settings of the lane now. */
   200: {
    headers: {
     /** The version of the settings, for `If-Match`. */
     ETag?: string;
     [name: string]: unknown;
    };
    content: {
     "application/json": LaneResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 replaceLaneChanges: {
  parameters: {
   header?: {
    /** Change these settings only if they still have this version, which `ETag` gave. */
    "If-Match"?: string;
    /** `*` refuses a lane that exists. */
    "If-None-Match"?: string;
   };
   path: {
    /** The name of the lane. */
    lane: string;
   };
  };
  /** Settings by their names in the lanes file. */
  requestBody: {
   content: {
    "application/json": {
     [key: string]: unknown;
    };
   };
  };
  responses: {
   /** The settings of the lane now. */
   200: {
    headers: {
     /** The version of the settings, for `If-Match`. */
     ETag?: string;
     [name: string]: unknown;
    };
    content: {
     "application/json": LaneResponse;
    };
   };
   /** The lane was made. */
   201: {
    headers: {
     /** The version of the settings, for `If-Match`. */
     ETag?: string;
     [name: string]: unknown;
    };
    content: {
     "application/json": LaneResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 retireLane: {
  parameters: {
   query?: {
    /** The end of the pending ids: `refuse` (default) answers 409 and retires nothing if there are some, `cancel` cancels them, `drain` sends them first. */
    pending?: "refuse" | "cancel" | "drain";
   };
   path: {
    /** The name of the lane. */
    lane: string;
   };
  };
  responses: {
   /** The lane is being retired. */
   202: {
    content: {
     "application/json": LaneResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 changeLane: {
  parameters: {
   header?: {
    /** Change these settings only if they still have this version, which `ETag` gave. */
    "If-Match"?: string;
   };
   path: {
    /** The name of the lane. */
    lane: string;
   };
  };
  /** Settings by their names in the lanes file. */
  requestBody: {
   content: {
    "application/json": {
     [key: string]: unknown;
    };
   };
  };
  responses: {
   /** The settings of the lane now. */
   200: {
    headers: {
     /** The version of the settings, for `If-Match`. */
     ETag?: string;
     [name: string]: unknown;
    };
    content: {
     "application/json": LaneResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 revertLaneSetting: {
  parameters: {
   header?: {
    /** Change these settings only if they still have this version, which `ETag` gave. */
    "If-Match"?: string;
   };
   path: {
    /** The name of the lane. */
    lane: string;
    /** The name of the setting. */
    setting: string;
   };
  };
  responses: {
   /** The settings of the lane now. */
   200: {
    headers: {
     /** The version of the settings, for `If-Match`. */
     ETag?: string;
     [name: string]: unknown;
    };
    content: {
     "application/json": LaneResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getMetrics: {
  responses: {
   /** All metrics. */
   200: {
    content: {
     "application/openmetrics-text": string;
     "text/plain": string;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getQueue: {
  responses: {
   /** The current state of the queue. */
   200: {
    content: {
     "application/json": QueuesResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getLaneActivity: {
  responses: {
   /** The recent activity of each lane. */
   200: {
    content: {
     "application/json": LaneActivitiesResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 listUpcomingIds: {
  parameters: {
   query?: {
    /** The lane; default: `default`. */
    lane?: string;
    /** The maximum number of ids. */
    limit?: number;
   };
  };
  responses: {
   /** The next ids. */
   200: {
    content: {
     "application/json": UpcomingResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 pauseLane: {
  parameters: {
   query?: {
    /** Only this lane; default: all lanes. */
    lane?: string;
   };
  };
  responses: {
   /** The current state of the queue. */
   200: {
    content: {
     "application/json": QueuesResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 resumeLane: {
  parameters: {
   query?: {
    /** Only this lane; default: all lanes. */
    lane?: string;
   };
  };
  responses: {
   /** The current state of the queue. */
   200: {
    content: {
     "application/json": QueuesResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getStatus: {
  parameters: {
   query?: {
    /** The `next` of the previous page; 0 for the first page. */
    after?: string;
    /** `none` leaves the batches out, which keeps a status small that is requested often. */
    batches?: BatchesShown;
    /** `results` adds the results of its ids to each batch, as the original system did. For many results use `/ingestions/{ingestion_id}/results`. */
    include?: StatusInclusion;
    /** The maximum number of batches. The response then has `next`. */
    limit?: number;
    /** Respond when something changes, and after this many seconds at the latest. With `If-None-Match`: when the status differs from that one. `Prefer: wait=` (RFC 7240) does the same. */
    wait?: number;
   };
   header?: {
    /** The `ETag` of a response that the client has: the service responds with 304 if nothing has changed. */
    "If-None-Match"?: string;
    /** `wait=10` responds when something changes, and after 10 seconds at the latest. */
    Prefer?: string;
   };
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  responses: {
   /** The status of the ingestion now. */
   200: {
    headers: {
     /** Identifies this version of the status. */
     ETag?: string;
     [name: string]: unknown;
    };
    content: {
     "application/json": StatusResponse;
    };
   };
   /** The status with this `ETag` has not changed. */
   304: {
    content?: never;
   };
   default: components["responses"]["Error"];
  };
 };
 followIngestion: {
  parameters: {
   header?: {
    /** The `id` of the last event that the client received; an `EventSource` sends it automatically. */
    "Last-Event-ID"?: string;
   };
   path: {
    /** The `ingestion_id` from the response of `/ingest`. */
    ingestion_id: string;
   };
  };
  responses: {
   /** The events, until the ingestion has ended. */
   200: {
    content: {
     "text/event-stream": string;
    };
   };
   /** The client has received the last event; no more follow. */
   204: {
    content?: never;
   };
   default: components["responses"]["Error"];
  };
 };
 listWebhookDeliveries: {
  parameters: {
   query?: {
    /** The `next` of the previous page. */
    after?: string;
    /** Only deliveries of this ingestion. Without the scope `admin` it must be one of the client’s own. */
    ingestion_id?: string;
    /** The maximum number of items. */
    limit?: number;
    /** Only deliveries in this state. */
    state?: DeliveryState;
   };
  };
  responses: {
   /** A page of deliveries, the newest first. */
   200: {
    content: {
     "application/json": DeliveryPage;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 resendWebhookDelivery: {
  parameters: {
   query?: {
    /** Only deliveries of this ingestion. Without the scope `admin` it must be one of the client’s own. */
    ingestion_id?: string;
   };
   path: {
    /** The id of the delivery, as in `/webhook-deliveries`. */
    delivery_id: string;
   };
  };
  responses: {
   /** The delivery is pending again. */
   200: {
    content: {
     "application/json": DeliveryView;
    };
   };
   default: components["responses"]["Error"];
  };
 };
 getCaller: {
  responses: {
   /** The client that the key or token belongs to. */
   200: {
    content: {
     "application/json": WhoAmIResponse;
    };
   };
   default: components["responses"]["Error"];
  };
 };
}
