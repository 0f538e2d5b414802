// Written by `npm run client:generate` from the OpenAPI document. Not to be edited.

export interface paths {
    "/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write a backup of the embedded store
         * @description Into `BACKUP_DIR`, while lists are accepted and sent. It holds all that was answered before it was asked for. The answer is sent once it is on the disk; a client that leaves does not stop it.
         */
        post: operations["BackupController_backUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which ids gave up, and why?
         * @description The newest first, page by page.
         */
        get: operations["DeadLettersController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the dead letters by kind
         * @description Cheap however many there are: counting a kind stops at `max_per_kind`.
         */
        get: operations["DeadLettersController_counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send all dead letters that match again
         * @description They go back into the queue at their own priority, their attempts start anew, and their ingestions are `triggered` again. `ingestion_id`, `kind` or both choose them; `ingestion_id` and `position` name a single one; `all=true` alone means every one there is. Without any of these the request is refused with 422.
         */
        post: operations["DeadLettersController_redrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dispatches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What went out when, and what came of it?
         * @description The timeline of calls to the upstream, the newest first, page by page, until retention forgets them. Where dispatches are large a page is shorter than its limit: only a `next` of null is the end.
         */
        get: operations["DispatchesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch the gate
         * @description Server-sent events of one lane: `dispatch` when one begins or ends, of any replica, and `queue` when what waits has changed: as `GET /queue`, with the time (`now`) and the head of the queue (`next`). It begins with the last 40 dispatches. At most ten looks a second; of a gate that is faster the newest 40 dispatches of each. Of a long part the first 30 ids are told. A client that does not read is dropped.
         */
        get: operations["GateController_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the service able to do its work?
         * @description For load balancers and people. Any answer but 200 means: not now. `degraded` is 200: it takes work, but a lane sends nothing without a known reason. It tells what a probe found at most a second ago, and costs the store nothing.
         */
        get: operations["HealthController_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Does the process answer?
         * @description For whoever restarts it where it does not. A store that is down, or a stop, changes nothing here.
         */
        get: operations["HealthController_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Should requests be sent here?
         * @description For load balancers and orchestrators. 503 names in `errors` what stands against it: the store, its migrations, the disk, the event loop, a stop.
         */
        get: operations["HealthController_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What did the gate do lately?
         * @description Counts of the last hour or day, of all replicas, as the dashboard draws them, of one lane or of all together. Written once a minute; a process that is killed takes its last minute with it.
         */
        get: operations["HistoryController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand over a list of ids
         * @description The answer is sent after the list is on the disk. The same request again, within `IDEMPOTENCY_WINDOW_SECONDS` (300), is answered with the same `ingestion_id`: by its `Idempotency-Key` where it has one, else by its `ids`, `priority` and `callback_url`.
         */
        post: operations["IngestionController_ingest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingest/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand over a list of any length
         * @description Read while it arrives, whatever its length, up to `MAX_STREAM_IDS` (10,000,000) ids; `Content-Encoding: gzip` is unpacked. Whole or nothing: a bad line is answered with its number and nothing is queued, and a client that breaks off leaves nothing. Lines end with LF or CR LF; blank ones are passed over. Equal lists are one, as with `POST /ingest`: by their `Idempotency-Key`, else by their ids and priority.
         */
        post: operations["StreamController_ingestStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingestions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which lists are there?
         * @description The newest first, page by page, until retention forgets them. A page looks at 2000 lists at the most: where few of them match it is short, even empty, and its `next` says where to go on. Only a `next` of null is the end.
         */
        get: operations["IngestionsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingestions/{ingestion_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Move an ingestion to another priority
         * @description What was not sent yet, and what waits to be sent again, goes to its place by acceptance in the other priority.
         */
        patch: operations["ControlController_reprioritise"];
        trace?: never;
    };
    "/ingestions/{ingestion_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an ingestion
         * @description Ids that were never sent, and those that wait to be sent again, are dropped. Those under way end; one of them that fails is not sent again. It is `triggered` until they have ended, then `cancelled`. Asked again, nothing changes.
         */
        post: operations["ControlController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingestions/{ingestion_id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the dead letters of one ingestion again
         * @description They go back into the queue at its priority, and it is `triggered` again.
         */
        post: operations["DeadLettersController_redriveIngestion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ingestions/{ingestion_id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What came of each id?
         * @description In the order of the ids, those without an outcome among them. A page holds a megabyte at the most, or one run of answers that is longer. With `Accept: application/x-ndjson` all of it is streamed, a line for each id, from `after` on; `limit` then means nothing. Compressed where `Accept-Encoding` names gzip.
         */
        get: operations["ResultsController_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is measured
         * @description For Prometheus: OpenMetrics where `Accept` asks for it, its older text format otherwise. Costs the same whatever waits. While the store is unreachable `sluice_store_up` is 0, and what only the store knows is left out.
         */
        get: operations["ScrapeController_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits at the gate?
         * @description Costs the same whatever waits.
         */
        get: operations["QueueController_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queue/next": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What goes out next?
         * @description The head of the queue as a claim would take it now. Cut it into dispatches of `batch_size` ids to know what goes when. It reads as many rows as it shows, whatever waits.
         */
        get: operations["GateController_upcoming"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queue/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop dispatching
         * @description For every replica, and until it is resumed, over restarts too. Lists are accepted; calls under way end as usual.
         */
        post: operations["QueueController_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/queue/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Dispatch again
         * @description Other replicas go on within a second. The pace holds across the pause.
         */
        post: operations["QueueController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{ingestion_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far is an ingestion?
         * @description Batches stand in the order of the ids. Those not sent yet are planned: they may shrink and regroup, but the n-th batch always has the same `batch_id`, and a batch that has begun never changes its ids. A long list is better read in pages, or without its batches.
         */
        get: operations["StatusController_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status/{ingestion_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow an ingestion
         * @description Server-sent events: `status` and `batch` when one has changed, `progress` after each change, `done` at the end. It begins with how the ingestion stands, at most the last 1,000 batches begun. Resumed with `Last-Event-ID` nothing is missed, though some may come twice. A client that does not read is dropped.
         */
        get: operations["StatusEventsController_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who was told what, and who was not?
         * @description Messages to receivers (`callback_url`), the newest first, page by page.
         */
        get: operations["WebhookDeliveriesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhook-deliveries/{delivery_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message again
         * @description At once, whatever became of it, and from there on for a day as if it were new. It has the same `webhook-id`.
         */
        post: operations["WebhookDeliveriesController_resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who am I, and what may I do?
         * @description Every valid key or token will do. Where the service knows of none, everyone may do everything.
         */
        get: operations["WhoAmIController_tell"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description As of a dead letter.
         * @enum {string}
         */
        AttemptErrorKind: "network" | "timeout" | "upstream" | "rejected" | "missing_answer" | "bad_answer" | "lapsed";
        BackupResponse: {
            /**
             * @description How large it is.
             * @example 40960000
             */
            bytes: number;
            /**
             * @description How long it took.
             * @example 0.85
             */
            duration_seconds: number;
            /**
             * @description Its name in `BACKUP_DIR`.
             * @example sluice-2026-11-24T10-00-00-000Z.sqlite
             */
            file: string;
        };
        /**
         * @description `none` leaves the batches out: what is asked often should be small.
         * @enum {string}
         */
        BatchesShown: "all" | "none";
        BatchResult: {
            /**
             * @description What the upstream answered. Only where it completed with an answer.
             * @example processed
             */
            data?: (string | null) | number | boolean | {
                [key: string]: unknown;
            } | unknown[];
            /** @description Only where it failed: why. */
            error?: components["schemas"]["FailureView"];
            /**
             * @description The id itself, exact.
             * @example 1
             */
            id: bigint;
        };
        BatchStatus: {
            /**
             * Format: uuid
             * @description Stays the same for the n-th batch of an ingestion, from before it is sent.
             * @example 019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d
             */
            batch_id: string;
            /**
             * @description Only where an id of this batch gave up: why the first one did.
             * @example simulated failure
             */
            error?: string;
            /**
             * @description Its ids, exact, in the order in which they were given.
             * @example [
             *       1,
             *       2,
             *       3
             *     ]
             */
            ids: bigint[];
            /** @description Only with `include=results`: of its ids that have their outcome, in their order. */
            results?: components["schemas"]["BatchResult"][];
            /**
             * @description `yet_to_start`: nothing sent yet. `triggered`: sent, and not every id has its outcome. `completed`: every id succeeded. `failed`: every id has its outcome, and at least one gave up. `cancelled`: every id has its outcome or was dropped, and at least one was dropped.
             * @example completed
             */
            status: components["schemas"]["Status"];
        };
        BreakerResponse: {
            /**
             * Format: date-time
             * @description Since when it is not closed.
             * @example null
             */
            opened_at: string | null;
            /**
             * @description Until a dispatch may try; null while closed or probing.
             * @example null
             */
            probe_in_seconds: number | null;
            /**
             * @description `open`: dispatches failed one after the other, nothing is sent; `probing`: one dispatch tries whether the upstream is back.
             * @example closed
             * @enum {string}
             */
            state: "closed" | "open" | "probing";
        };
        CheckResponse: {
            /**
             * @description What was found, for people.
             * @example 12345 MiB free
             */
            message?: string;
            /**
             * @description `degraded`: it works, and wants looking after.
             * @example up
             * @enum {string}
             */
            status: "up" | "degraded";
        };
        DeadLetterCountsResponse: {
            /**
             * @description Dead letters by the kind of their last error, those of cancelled ingestions too, which are not sent again.
             * @example {
             *       "network": 0,
             *       "timeout": 42,
             *       "upstream": 0,
             *       "rejected": 0,
             *       "missing_answer": 0,
             *       "bad_answer": 0,
             *       "lapsed": 0
             *     }
             */
            kinds: {
                bad_answer: number;
                lapsed: number;
                missing_answer: number;
                network: number;
                rejected: number;
                timeout: number;
                upstream: number;
            };
            /**
             * @description Counting a kind stops here: a kind with this count has so many or more.
             * @example 10000
             */
            max_per_kind: number;
        };
        DeadLetterPage: {
            /** @description The newest first. */
            dead_letters: components["schemas"]["DeadLetterView"][];
            /**
             * @description Where the next page begins, for `after`; null on the last page.
             * @example 4711
             */
            next: string | null;
        };
        DeadLetterView: {
            /** @description Every attempt that failed, the oldest first, those before an earlier redrive too. */
            attempts: components["schemas"]["FailedAttemptView"][];
            /**
             * Format: uuid
             * @description The batch it travelled in.
             * @example 019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d
             */
            batch_id: string;
            /**
             * Format: date-time
             * @description When it gave up.
             * @example 2026-11-24T10:00:35.000Z
             */
            died_at: string;
            /** @description Why: its last error. */
            error: components["schemas"]["FailureView"];
            /**
             * @description The id itself, exact.
             * @example 42
             */
            id: bigint;
            /**
             * Format: uuid
             * @description The ingestion it belongs to.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
            /**
             * @description Its position among the ids of its ingestion, from 0.
             * @example 2
             */
            position: number;
            /**
             * @description The priority of its ingestion.
             * @example HIGH
             */
            priority: components["schemas"]["Priority"];
        };
        DeliveryPage: {
            /** @description The newest first. */
            deliveries: components["schemas"]["DeliveryView"][];
            /**
             * @description Where the next page begins, for `after`; null on the last page.
             * @example 4711
             */
            next: string | null;
        };
        /**
         * @description Only those in this state.
         * @enum {string}
         */
        DeliveryState: "pending" | "delivered" | "failed";
        DeliveryView: {
            /**
             * @description Attempts begun since it was written, or asked for again.
             * @example 1
             */
            attempts: number;
            /**
             * Format: uuid
             * @description The `webhook-id` of every attempt.
             * @example 5f0c8a52-3a44-4c1f-a6b1-0a3f6f3b9c11
             */
            delivery_id: string;
            /**
             * Format: date-time
             * @description When the ingestion ended.
             * @example 2026-11-24T10:00:00.000Z
             */
            ended_at: string;
            /**
             * Format: uuid
             * @description The ingestion that ended.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
            /** @description Null before the first has ended. */
            last_attempt: components["schemas"]["LastAttemptView"] | null;
            /**
             * Format: date-time
             * @description When it is sent next, at the earliest; null where it is not.
             * @example 2026-11-24T10:00:10.000Z
             */
            next_attempt_at: string | null;
            /**
             * @description `pending`: to be sent, or to be sent again. `failed`: given up.
             * @example pending
             */
            state: components["schemas"]["DeliveryState"];
            /**
             * @description What it tells.
             * @example ingestion.completed
             */
            type: components["schemas"]["WebhookType"];
            /**
             * @description Where it goes; the query is not shown.
             * @example https://example.com/hooks/sluice
             */
            url: string;
        };
        DispatchErrorView: {
            /**
             * @description The id itself, exact.
             * @example 3
             */
            id: bigint;
            /**
             * @description What kind of error it was; as in `/dead-letters`.
             * @example timeout
             */
            kind: components["schemas"]["AttemptErrorKind"];
            /**
             * @description What went wrong, in words.
             * @example no answer within 30 s
             */
            message: string;
        };
        DispatchList: {
            /** @description The newest first. */
            dispatches: components["schemas"]["DispatchView"][];
            /**
             * @description Where the next page begins, for `after`; null on the last page.
             * @example 4711
             */
            next: string | null;
        };
        /**
         * @description `in_flight`: its call runs. `settled`: every id has an outcome. `lapsed`: the process that made the call stopped before it was recorded, and all ids are sent again. `released`: the call was given up by a stop, or came too late for its slot, and all ids are sent again.
         * @enum {string}
         */
        DispatchOutcome: "in_flight" | "settled" | "lapsed" | "released";
        DispatchPartView: {
            /**
             * @description The how-manieth attempt this was for them; counted anew after a redrive.
             * @example 1
             */
            attempt: number;
            /**
             * Format: uuid
             * @description Their batch.
             * @example 019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d
             */
            batch_id: string;
            /** @description Of those that did not succeed, why. */
            errors: components["schemas"]["DispatchErrorView"][];
            /**
             * @description The ids, exact.
             * @example [
             *       1,
             *       2,
             *       3
             *     ]
             */
            ids: bigint[];
            /**
             * Format: uuid
             * @description The ingestion they belong to.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
            /**
             * @description The priority of their ingestion.
             * @example HIGH
             */
            priority: components["schemas"]["Priority"];
        };
        DispatchView: {
            /** @description What became of its ids; all 0 while its call runs. */
            counts: components["schemas"]["OutcomeCountsView"];
            /**
             * Format: uuid
             * @description Its id; the upstream got it as `Idempotency-Key`.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1e
             */
            dispatch_id: string;
            /**
             * @description From one to the other; null while its call runs.
             * @example 1500
             */
            duration_ms: number | null;
            /**
             * Format: date-time
             * @description When its end was recorded; null while its call runs.
             * @example 2026-11-24T10:00:01.500Z
             */
            ended_at: string | null;
            /**
             * @description The lane it went through.
             * @example default
             */
            lane: string;
            /**
             * @description `in_flight`: its call runs. `settled`: every id has an outcome. `lapsed`: the process that made the call stopped before it was recorded, and all ids are sent again. `released`: the call was given up by a stop, or came too late for its slot, and all ids are sent again.
             * @example settled
             */
            outcome: components["schemas"]["DispatchOutcome"];
            /** @description What it carried. Lists that retention has forgotten are left out. */
            parts: components["schemas"]["DispatchPartView"][];
            /**
             * Format: date-time
             * @description When it began.
             * @example 2026-11-24T10:00:00.000Z
             */
            started_at: string;
        };
        /**
         * @description `true`: the list is checked, and the answer says what it would have to expect. Nothing is queued, and no `Idempotency-Key` is taken.
         * @enum {string}
         */
        DryRun: "true" | "false";
        FailedAttemptView: {
            /**
             * Format: date-time
             * @description When its outcome was recorded.
             * @example 2026-11-24T10:00:05.000Z
             */
            at: string;
            /**
             * @description `network`: the call did not get through. `timeout`: it took too long. `upstream`: the upstream failed for now. `rejected`: the upstream refused for good. `missing_answer`: the answer left the id out. `bad_answer`: the answer made no sense. `lapsed`: the gate stopped before the outcome was recorded; this is not counted as an attempt.
             * @example timeout
             */
            kind: components["schemas"]["AttemptErrorKind"];
            /**
             * @description What went wrong, in words.
             * @example no answer within 30 s
             */
            message: string;
        };
        FailureView: {
            /**
             * @description As of a dead letter.
             * @example rejected
             */
            kind: components["schemas"]["AttemptErrorKind"];
            /**
             * @description What went wrong, in words.
             * @example no such id
             */
            message: string;
        };
        HealthResponse: {
            /**
             * @description Whether the upstream is given a rest because it failed; ids wait meanwhile. See `/queue`.
             * @example closed
             * @enum {string}
             */
            breaker: "closed" | "open" | "probing";
            /**
             * @description The upstream of each lane, and whether the lane is well.
             * @example {
             *       "default": {
             *         "upstream": "https://api.example.com/process",
             *         "breaker": "closed",
             *         "unwell_since": null
             *       }
             *     }
             */
            lanes: {
                [key: string]: components["schemas"]["LaneHealthResponse"];
            };
            /**
             * @description The name of this service.
             * @example sluice
             */
            service: string;
            /**
             * @description `degraded`: a lane is unwell, see `lanes`. What takes no work is answered with 503.
             * @example healthy
             * @enum {string}
             */
            status: "healthy" | "degraded";
            /**
             * @description Where ids are kept.
             * @example SQLite at data/sluice.sqlite
             */
            store: string;
            /**
             * Format: date-time
             * @description Now.
             * @example 2026-11-24T10:00:00.000Z
             */
            timestamp: string;
            /**
             * @description Where ids are sent.
             * @example https://api.example.com/process
             */
            upstream: string;
            /**
             * @description Seconds since the start.
             * @example 3600
             */
            uptime_seconds: number;
        };
        HistoryPoint: {
            /**
             * Format: date-time
             * @description When it began.
             * @example 2026-11-24T10:00:00.000Z
             */
            at: string;
            /**
             * @description Of these: succeeded.
             * @example 34
             */
            completed: number;
            /**
             * @description Dispatches that ended in it.
             * @example 12
             */
            dispatches: number;
            /**
             * @description Of these: gave up.
             * @example 1
             */
            failed: number;
            /**
             * @description Ids in these dispatches.
             * @example 36
             */
            ids_sent: number;
            /**
             * @description What the slowest one took; null where there was none.
             * @example 2950
             */
            latency_max_ms: number | null;
            /**
             * @description What a call to the upstream took on average; null where there was none.
             * @example 812.5
             */
            latency_mean_ms: number | null;
            /**
             * @description Of these: failed, and to be tried again.
             * @example 1
             */
            retried: number;
            /** @description What waited at its end. */
            waiting: components["schemas"]["HistoryWaiting"];
        };
        /**
         * @description `hour`: the last 60 minutes, one by one. `day`: the last 24 hours, ten minutes at a time.
         * @enum {string}
         */
        HistoryRange: "hour" | "day";
        HistoryResponse: {
            /** @description The oldest first, the last one still going on. */
            points: components["schemas"]["HistoryPoint"][];
            /**
             * @description How long a step is.
             * @example 60
             */
            step_seconds: number;
        };
        HistoryWaiting: {
            /**
             * @description Never sent, of priority HIGH.
             * @example 3
             */
            high: number;
            /**
             * @description Never sent, of priority LOW.
             * @example 1000
             */
            low: number;
            /**
             * @description Never sent, of priority MEDIUM.
             * @example 12
             */
            medium: number;
            /**
             * @description To be sent again.
             * @example 2
             */
            retries: number;
        };
        IngestionList: {
            /** @description The newest first. With a filter a page may be short, even empty, and another one follow. */
            ingestions: components["schemas"]["IngestionSummary"][];
            /**
             * @description Where the next page begins, for `after`; null on the last page.
             * @example 1795514400000-4711
             */
            next: string | null;
        };
        IngestionSummary: {
            /**
             * @description Whose it is; null where it was accepted while nobody was asked.
             * @example billing
             */
            client: string | null;
            /**
             * Format: date-time
             * @description When it was accepted.
             * @example 2026-11-24T10:00:00.000Z
             */
            created_at: string;
            /**
             * Format: uuid
             * @description The id that `/ingest` answered.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
            /**
             * @description The lane it goes through.
             * @example default
             */
            lane: string;
            /**
             * Format: date-time
             * @description When anything above changed last.
             * @example 2026-11-24T10:00:05.000Z
             */
            last_updated_at: string;
            /**
             * @description As it was submitted, or as it was moved to.
             * @example HIGH
             */
            priority: components["schemas"]["Priority"];
            /** @description The counts behind the status. */
            progress: components["schemas"]["ProgressResponse"];
            /**
             * @description `yet_to_start`: nothing sent yet. `triggered`: sent, and not every id has its outcome. `completed`: every id succeeded. `failed`: every id has its outcome, and at least one gave up. `cancelled`: every id has its outcome or was dropped, and at least one was dropped.
             * @example completed
             */
            status: components["schemas"]["Status"];
        };
        IngestRequest: {
            /**
             * Format: uri
             * @description Where to tell that the list has ended, by a signed `POST` (docs/webhooks.md). Only where the service has a `WEBHOOK_SECRET`; http or https, without credentials, to a public host or one that `CALLBACK_ALLOW` names.
             * @example https://example.com/hooks/sluice
             */
            callback_url?: string;
            /**
             * @description The ids to send, in this order. A value given twice is processed twice. Every id is kept exact to its last digit.
             * @example [
             *       1,
             *       2,
             *       3,
             *       4,
             *       5
             *     ]
             */
            ids: bigint[];
            /**
             * @description The lane that the list goes through, one of those that the service has; `default` without it.
             * @example default
             */
            lane?: string;
            /**
             * @description Higher priorities go out first, strictly; within a priority, the order of acceptance.
             * @example HIGH
             */
            priority: components["schemas"]["Priority"];
        };
        IngestResponse: {
            /**
             * Format: uuid
             * @description Names the ingestion in every other request.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
        };
        LaneHealthResponse: {
            /**
             * @description Whether the upstream is given a rest because it failed; ids wait meanwhile. See `/queue`.
             * @example closed
             * @enum {string}
             */
            breaker: "closed" | "open" | "probing";
            /**
             * Format: date-time
             * @description Ids may go, no known reason keeps them back, and no replica has sent a dispatch for several delays: since when one was due. Null while the lane is well.
             * @example null
             */
            unwell_since: string | null;
            /**
             * @description Where ids are sent.
             * @example https://api.example.com/process
             */
            upstream: string;
        };
        LastAttemptView: {
            /**
             * Format: date-time
             * @description When it ended.
             * @example 2026-11-24T10:00:05.000Z
             */
            at: string;
            /**
             * @description Why it did not succeed; null where it did.
             * @example the receiver answered 503
             */
            error: string | null;
            /**
             * @description What the receiver answered; null where there was no answer.
             * @example 503
             */
            http_status: number | null;
        };
        LiveResponse: {
            /**
             * @description The only value.
             * @example alive
             * @enum {string}
             */
            status: "alive";
        };
        OrderResponse: {
            /**
             * @description The clients of a priority take turns (`FAIR_SHARE`); else its ids go in the order of acceptance.
             * @example false
             */
            fair_share: boolean;
            /**
             * @description A list rises one priority after each such time waited (`PRIORITY_AGING`); null where none does.
             * @example null
             */
            priority_aging_seconds: number | null;
        };
        OutcomeCountsView: {
            /**
             * @description Succeeded.
             * @example 2
             */
            completed: number;
            /**
             * @description Gave up.
             * @example 0
             */
            failed: number;
            /**
             * @description Did not succeed, and are to be sent again.
             * @example 1
             */
            retried: number;
        };
        OutlookResponse: {
            /**
             * Format: date-time
             * @description When its last id will have its outcome. Null where every id has one, where the last call takes longer than usual, and as above.
             * @example null
             */
            estimated_completion_at: string | null;
            /**
             * Format: date-time
             * @description Of its next id that was never sent. Null where there is none, while the gate is paused, and without a `BATCH_DELAY` as long as no pace was measured.
             * @example null
             */
            estimated_start_at: string | null;
            /**
             * @description Ids that go before its next one that was never sent: retries too, of which more than 10,000 are not counted. By the priorities as they are named: where `PRIORITY_AGING` is on, some may be overtaken. 0 where all were sent.
             * @example 0
             */
            ids_ahead: number;
        };
        PaceResponse: {
            /**
             * @description Between two dispatches; 0: no limit.
             * @example 5
             */
            batch_delay_seconds: number;
            /**
             * @description Ids in a dispatch.
             * @example 3
             */
            batch_size: number;
            /**
             * @description Of the slots of the last minute, at most 100, so many were used, by all replicas; null where there is no limit.
             * @example 100
             */
            used_percent: number | null;
        };
        /**
         * @description Higher priorities go out first, strictly; within a priority, the order of acceptance.
         * @enum {string}
         */
        Priority: "HIGH" | "MEDIUM" | "LOW";
        PriorityRequest: {
            /**
             * @description Where what was not sent yet is to wait.
             * @example HIGH
             */
            priority: components["schemas"]["Priority"];
        };
        Problem: {
            /**
             * @description What is wrong, for people. Where fields are at fault, it names the first.
             * @example ids[2] must be an integer from 1 to 10000000000000000007
             */
            detail: string;
            /** @description Every field at fault. */
            errors?: components["schemas"]["ProblemField"][];
            /**
             * @description The HTTP status.
             * @example 400
             */
            status: number;
            /**
             * @description The HTTP status.
             * @example 400
             */
            status_code: number;
            /**
             * @description The name of the HTTP status.
             * @example Bad Request
             */
            title: string;
            /**
             * @description Always `about:blank`: the status says it all.
             * @example about:blank
             */
            type: string;
        };
        ProblemField: {
            /**
             * @description The field, parameter or header.
             * @example ids[2]
             */
            field: string;
            /**
             * @description What is wrong with it.
             * @example must be an integer from 1 to 10000000000000000007
             */
            message: string;
        };
        ProgressResponse: {
            /**
             * @description Dropped, as the ingestion was cancelled.
             * @example 0
             */
            cancelled: number;
            /**
             * @description Succeeded.
             * @example 5
             */
            completed: number;
            /**
             * @description Gave up.
             * @example 0
             */
            failed: number;
            /**
             * @description Sent, and without an outcome: under way, or waiting to be sent again.
             * @example 0
             */
            in_flight: number;
            /**
             * @description Ids with an outcome, or dropped. 100 only when all are.
             * @example 100
             */
            percent: number;
            /**
             * @description All ids of the list.
             * @example 5
             */
            total: number;
            /**
             * @description Never sent.
             * @example 0
             */
            yet_to_start: number;
        };
        QueuedRunView: {
            /**
             * @description The ids, exact, in the order in which they go.
             * @example [
             *       6,
             *       7,
             *       8
             *     ]
             */
            ids: bigint[];
            /**
             * Format: uuid
             * @description The ingestion they belong to.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
            /**
             * @description Its priority.
             * @example HIGH
             */
            priority: components["schemas"]["Priority"];
            /**
             * @description Whether they were sent before, and are due again.
             * @example false
             */
            retry: boolean;
        };
        QueueResponse: {
            /** @description Of the replica that answers: each has its own. */
            breaker: components["schemas"]["BreakerResponse"];
            /**
             * @description Until the last id that waits now is sent, if nothing more comes and none fails; null while paused.
             * @example 1692.5
             */
            empty_in_seconds: number | null;
            /**
             * @description How long nothing is sent because the upstream asked for it (Retry-After).
             * @example 0
             */
            held_for_seconds: number;
            /**
             * @description Ids whose call runs.
             * @example 3
             */
            in_flight: number;
            /**
             * @description Until the next dispatch may begin; null while paused.
             * @example 2.5
             */
            next_slot_in_seconds: number | null;
            /** @description In which order ids go, beside their priorities. */
            order: components["schemas"]["OrderResponse"];
            /** @description What may go out. */
            pace: components["schemas"]["PaceResponse"];
            /**
             * @description Nothing is dispatched; lists are accepted.
             * @example false
             */
            paused: boolean;
            /**
             * Format: date-time
             * @description Since when; null while it is open.
             * @example null
             */
            paused_at: string | null;
            /**
             * @description Those of them that are due now; more than 100,000 are not counted.
             * @example 1
             */
            retries_due: number;
            /**
             * @description Ids that wait to be sent again; more than 100,000 are not counted.
             * @example 2
             */
            retries_waiting: number;
            /**
             * @description Why the lane dispatches, or why it does not; the first that applies. `paused`: by an operator. `held`: the upstream asked for it (Retry-After). `breaker_open`: the upstream fails. `breaker_probing`: one dispatch tries it. `at_capacity`: `MAX_IN_FLIGHT` calls run. `idle`: no id waits. `waiting_for_retry`: every id that waits is a retry that is not due yet. `open`: ids may go. The breaker and the capacity are those of the replica that answers.
             * @example open
             * @enum {string}
             */
            state: "open" | "idle" | "waiting_for_retry" | "at_capacity" | "paused" | "held" | "breaker_open" | "breaker_probing";
            /**
             * @description How long `held` or `breaker_open` still lasts; otherwise null.
             * @example null
             */
            state_ends_in_seconds: number | null;
            /**
             * Format: date-time
             * @description Since when it is `paused`, `breaker_open` or `breaker_probing`; otherwise null.
             * @example null
             */
            state_since: string | null;
            /**
             * Format: date-time
             * @description Ids may go, no reason above keeps them back, and no replica has sent a dispatch for several delays: since when one was due, as the replica that answers found it. Null while the lane is well.
             * @example null
             */
            unwell_since: string | null;
            /** @description Ids that were never sent. */
            waiting: components["schemas"]["WaitingResponse"];
        };
        QueuesResponse: {
            /** @description Of the replica that answers: each has its own. */
            breaker: components["schemas"]["BreakerResponse"];
            /**
             * @description Until the last id that waits now is sent, if nothing more comes and none fails; null while paused.
             * @example 1692.5
             */
            empty_in_seconds: number | null;
            /**
             * @description How long nothing is sent because the upstream asked for it (Retry-After).
             * @example 0
             */
            held_for_seconds: number;
            /**
             * @description Ids whose call runs.
             * @example 3
             */
            in_flight: number;
            /**
             * @description Of each lane by its name, `default` among them. Beside it stands what is of the default lane.
             * @example {}
             */
            lanes: {
                [key: string]: components["schemas"]["QueueResponse"];
            };
            /**
             * @description Until the next dispatch may begin; null while paused.
             * @example 2.5
             */
            next_slot_in_seconds: number | null;
            /** @description In which order ids go, beside their priorities. */
            order: components["schemas"]["OrderResponse"];
            /** @description What may go out. */
            pace: components["schemas"]["PaceResponse"];
            /**
             * @description Nothing is dispatched; lists are accepted.
             * @example false
             */
            paused: boolean;
            /**
             * Format: date-time
             * @description Since when; null while it is open.
             * @example null
             */
            paused_at: string | null;
            /**
             * @description Those of them that are due now; more than 100,000 are not counted.
             * @example 1
             */
            retries_due: number;
            /**
             * @description Ids that wait to be sent again; more than 100,000 are not counted.
             * @example 2
             */
            retries_waiting: number;
            /**
             * @description Why the lane dispatches, or why it does not; the first that applies. `paused`: by an operator. `held`: the upstream asked for it (Retry-After). `breaker_open`: the upstream fails. `breaker_probing`: one dispatch tries it. `at_capacity`: `MAX_IN_FLIGHT` calls run. `idle`: no id waits. `waiting_for_retry`: every id that waits is a retry that is not due yet. `open`: ids may go. The breaker and the capacity are those of the replica that answers.
             * @example open
             * @enum {string}
             */
            state: "open" | "idle" | "waiting_for_retry" | "at_capacity" | "paused" | "held" | "breaker_open" | "breaker_probing";
            /**
             * @description How long `held` or `breaker_open` still lasts; otherwise null.
             * @example null
             */
            state_ends_in_seconds: number | null;
            /**
             * Format: date-time
             * @description Since when it is `paused`, `breaker_open` or `breaker_probing`; otherwise null.
             * @example null
             */
            state_since: string | null;
            /**
             * Format: date-time
             * @description Ids may go, no reason above keeps them back, and no replica has sent a dispatch for several delays: since when one was due, as the replica that answers found it. Null while the lane is well.
             * @example null
             */
            unwell_since: string | null;
            /** @description Ids that were never sent. */
            waiting: components["schemas"]["WaitingResponse"];
        };
        ReadyResponse: {
            /**
             * @description `drain`, `store`, `schema` (migrations), `disk`, `event_loop` and `lanes`.
             * @example {
             *       "store": {
             *         "status": "up",
             *         "message": "SQLite at data/sluice.sqlite"
             *       }
             *     }
             */
            checks: {
                [key: string]: components["schemas"]["CheckResponse"];
            };
            /**
             * @description `degraded`: a check found something to look after.
             * @example ready
             * @enum {string}
             */
            status: "ready" | "degraded";
        };
        RedriveResponse: {
            /**
             * @description How many dead letters went back into the queue; 0 where none matched.
             * @example 3
             */
            redriven: number;
        };
        ResultPageView: {
            /**
             * @description Where the next page begins, for `after`; null on the last page.
             * @example 100
             */
            next: string | null;
            /** @description In the order of the ids. */
            results: components["schemas"]["ResultView"][];
        };
        ResultView: {
            /**
             * @description What the upstream answered, its numbers exact. Only where it completed with an answer.
             * @example processed
             */
            data?: (string | null) | number | boolean | {
                [key: string]: unknown;
            } | unknown[];
            /** @description Only where it failed. */
            error?: components["schemas"]["FailureView"];
            /**
             * @description The id itself, exact.
             * @example 1
             */
            id: bigint;
            /**
             * @description How far it is.
             * @example completed
             */
            status: components["schemas"]["Status"];
        };
        /**
         * @description `yet_to_start`: nothing sent yet. `triggered`: sent, and not every id has its outcome. `completed`: every id succeeded. `failed`: every id has its outcome, and at least one gave up. `cancelled`: every id has its outcome or was dropped, and at least one was dropped.
         * @enum {string}
         */
        Status: "yet_to_start" | "triggered" | "completed" | "failed" | "cancelled";
        StatusHeadResponse: {
            /**
             * Format: date-time
             * @description When it was accepted.
             * @example 2026-11-24T10:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When its last id will have its outcome. Null where every id has one, where the last call takes longer than usual, and as above.
             * @example null
             */
            estimated_completion_at: string | null;
            /**
             * Format: date-time
             * @description Of its next id that was never sent. Null where there is none, while the gate is paused, and without a `BATCH_DELAY` as long as no pace was measured.
             * @example null
             */
            estimated_start_at: string | null;
            /**
             * @description Ids that go before its next one that was never sent: retries too, of which more than 10,000 are not counted. By the priorities as they are named: where `PRIORITY_AGING` is on, some may be overtaken. 0 where all were sent.
             * @example 0
             */
            ids_ahead: number;
            /**
             * Format: uuid
             * @description The id that `/ingest` answered.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
            /**
             * @description The lane it goes through.
             * @example default
             */
            lane: string;
            /**
             * Format: date-time
             * @description When anything above changed last.
             * @example 2026-11-24T10:00:05.000Z
             */
            last_updated_at: string;
            /**
             * @description As it was submitted, or as it was moved to.
             * @example HIGH
             */
            priority: components["schemas"]["Priority"];
            /** @description The counts behind the status. */
            progress: components["schemas"]["ProgressResponse"];
            /**
             * @description `yet_to_start`: nothing sent yet. `triggered`: sent, and not every id has its outcome. `completed`: every id succeeded. `failed`: every id has its outcome, and at least one gave up. `cancelled`: every id has its outcome or was dropped, and at least one was dropped.
             * @example completed
             */
            status: components["schemas"]["Status"];
        };
        /**
         * @description `results` adds to each batch what came of its ids, as the original system did. Many of them are better fetched from `/ingestions/{ingestion_id}/results`.
         * @enum {string}
         */
        StatusInclusion: "results";
        StatusResponse: {
            /** @description In the order of the ids. Together they hold every id once. Left out with `batches=none`. */
            batches?: components["schemas"]["BatchStatus"][];
            /**
             * Format: date-time
             * @description When it was accepted.
             * @example 2026-11-24T10:00:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When its last id will have its outcome. Null where every id has one, where the last call takes longer than usual, and as above.
             * @example null
             */
            estimated_completion_at: string | null;
            /**
             * Format: date-time
             * @description Of its next id that was never sent. Null where there is none, while the gate is paused, and without a `BATCH_DELAY` as long as no pace was measured.
             * @example null
             */
            estimated_start_at: string | null;
            /**
             * @description Ids that go before its next one that was never sent: retries too, of which more than 10,000 are not counted. By the priorities as they are named: where `PRIORITY_AGING` is on, some may be overtaken. 0 where all were sent.
             * @example 0
             */
            ids_ahead: number;
            /**
             * Format: uuid
             * @description The id that `/ingest` answered.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
            /**
             * @description The lane it goes through.
             * @example default
             */
            lane: string;
            /**
             * Format: date-time
             * @description When anything above changed last.
             * @example 2026-11-24T10:00:05.000Z
             */
            last_updated_at: string;
            /**
             * @description Only on a page: give it as `after` for the next one. Null on the last.
             * @example null
             */
            next?: string | null;
            /**
             * @description As it was submitted, or as it was moved to.
             * @example HIGH
             */
            priority: components["schemas"]["Priority"];
            /** @description The counts behind the status. */
            progress: components["schemas"]["ProgressResponse"];
            /**
             * @description `yet_to_start`: nothing sent yet. `triggered`: sent, and not every id has its outcome. `completed`: every id succeeded. `failed`: every id has its outcome, and at least one gave up. `cancelled`: every id has its outcome or was dropped, and at least one was dropped.
             * @example completed
             */
            status: components["schemas"]["Status"];
        };
        StreamResponse: {
            /**
             * Format: uuid
             * @description Names the ingestion in every other request.
             * @example 019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c
             */
            ingestion_id: string;
            /**
             * @description How many ids the list holds.
             * @example 1000000
             */
            total: number;
        };
        UpcomingResponse: {
            /** @description In the order in which they go out, if nothing more comes and nothing falls due. */
            next: components["schemas"]["QueuedRunView"][];
        };
        WaitingResponse: {
            /**
             * @description Of priority HIGH.
             * @example 3
             */
            high: number;
            /**
             * @description Of priority LOW.
             * @example 1000
             */
            low: number;
            /**
             * @description Of priority MEDIUM.
             * @example 12
             */
            medium: number;
            /**
             * @description Of all three.
             * @example 1015
             */
            total: number;
        };
        /**
         * @description What it tells.
         * @enum {string}
         */
        WebhookType: "ingestion.completed" | "ingestion.failed" | "ingestion.cancelled";
        WhoAmIResponse: {
            /**
             * @description Its name; null where nobody is asked who he is.
             * @example billing
             */
            client: string | null;
            /**
             * @description Whether anyone has to say who he is; otherwise everyone may do everything.
             * @example true
             */
            keys: boolean;
            /**
             * @description The lanes that a list may name, the default one first.
             * @example [
             *       "default",
             *       "crm"
             *     ]
             */
            lanes: string[];
            /**
             * @description What it may do. `admin` holds the others, and they are named then too.
             * @example [
             *       "submit",
             *       "read"
             *     ]
             */
            scopes: ("submit" | "read" | "admin")[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type AttemptErrorKind = components['schemas']['AttemptErrorKind'];
export type BackupResponse = components['schemas']['BackupResponse'];
export type BatchesShown = components['schemas']['BatchesShown'];
export type BatchResult = components['schemas']['BatchResult'];
export type BatchStatus = components['schemas']['BatchStatus'];
export type BreakerResponse = components['schemas']['BreakerResponse'];
export type CheckResponse = components['schemas']['CheckResponse'];
export type DeadLetterCountsResponse = components['schemas']['DeadLetterCountsResponse'];
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
export type HealthResponse = components['schemas']['HealthResponse'];
export type HistoryPoint = components['schemas']['HistoryPoint'];
export type HistoryRange = components['schemas']['HistoryRange'];
export type HistoryResponse = components['schemas']['HistoryResponse'];
export type HistoryWaiting = components['schemas']['HistoryWaiting'];
export type IngestionList = components['schemas']['IngestionList'];
export type IngestionSummary = components['schemas']['IngestionSummary'];
export type IngestRequest = components['schemas']['IngestRequest'];
export type IngestResponse = components['schemas']['IngestResponse'];
export type LaneHealthResponse = components['schemas']['LaneHealthResponse'];
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
export type Status = components['schemas']['Status'];
export type StatusHeadResponse = components['schemas']['StatusHeadResponse'];
export type StatusInclusion = components['schemas']['StatusInclusion'];
export type StatusResponse = components['schemas']['StatusResponse'];
export type StreamResponse = components['schemas']['StreamResponse'];
export type UpcomingResponse = components['schemas']['UpcomingResponse'];
export type WaitingResponse = components['schemas']['WaitingResponse'];
export type WebhookType = components['schemas']['WebhookType'];
export type WhoAmIResponse = components['schemas']['WhoAmIResponse'];
export type $defs = Record<string, never>;
export interface operations {
    BackupController_backUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is complete and on the disk. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupResponse"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description One is being written. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a backup is under way",
                     *       "status_code": 409,
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no `BACKUP_DIR`, or the store is PostgreSQL, which has its own ways. */
            501: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "BACKUP_DIR is not set: there is no place for a backup",
                     *       "status_code": 501,
                     *       "type": "about:blank",
                     *       "title": "Not Implemented",
                     *       "status": 501
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description Only those of this ingestion. */
                ingestion_id?: string;
                /** @description Only those whose last error is of this kind. */
                kind?: components["schemas"]["AttemptErrorKind"];
                /** @description How many at the most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterPage"];
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "age is not a known parameter",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "age",
                     *           "message": "is not a known parameter"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersController_counts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The counts. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterCountsResponse"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersController_redrive: {
        parameters: {
            query?: {
                /** @description Must be `true` to send every dead letter of every ingestion again; not beside another parameter. */
                all?: string;
                /** @description Only those of this ingestion. */
                ingestion_id?: string;
                /** @description Only those whose last error is of this kind. */
                kind?: components["schemas"]["AttemptErrorKind"];
                /** @description Only the id at this position of `ingestion_id`, which has to be given too. */
                position?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many went. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedriveResponse"];
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "age is not a known parameter",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "age",
                     *           "message": "is not a known parameter"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing says which are meant, or `all` stands beside a filter. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "all is required where neither ingestion_id nor kind is given",
                     *       "status_code": 422,
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "errors": [
                     *         {
                     *           "field": "all",
                     *           "message": "is required where neither ingestion_id nor kind is given"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DispatchesController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description Only those that carried ids of this ingestion. */
                ingestion_id?: string;
                /** @description Only those of this lane. */
                lane?: string;
                /** @description How many at the most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DispatchList"];
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "limit must be an integer from 1 to 500",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "limit",
                     *           "message": "must be an integer from 1 to 500"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    GateController_events: {
        parameters: {
            query?: {
                /** @description The lane; `default` without it. */
                lane?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events, for as long as one listens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example event: dispatch
                     *     data: {"dispatch_id":"019376a0-7052-7030-9503-5afec6e12a79","started_at":"2026-11-24T10:00:05.000Z","ended_at":null,"duration_ms":null,"outcome":"in_flight","completed":0,"unsuccessful":0,"parts":[{"ingestion_id":"019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c","batch_id":"019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d","priority":"HIGH","size":3,"retry":false,"ids":[6,7,8]}]}
                     *
                     *     event: queue
                     *     data: {"now":"2026-11-24T10:00:05.100Z","paused":false,"paused_at":null,"waiting":{"high":1,"medium":2,"low":0,"total":3},"retries_waiting":0,"in_flight":3,"pace":{"batch_size":3,"batch_delay_seconds":5},"next_slot_in_seconds":4.9,"empty_in_seconds":4.9,"next":[{"ingestion_id":"019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c","priority":"HIGH","retry":false,"ids":[9]}]}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description The lane, or a parameter, is not known. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "lane is not a known lane",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "lane",
                     *           "message": "is not a known lane"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    HealthController_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    HealthController_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveResponse"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    HealthController_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They should. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyResponse"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    HistoryController_read: {
        parameters: {
            query?: {
                /** @description Only this lane; all of them without it. */
                lane?: string;
                /** @description `hour`: the last 60 minutes, one by one. `day`: the last 24 hours, ten minutes at a time. */
                range?: components["schemas"]["HistoryRange"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One point for each step of time. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryResponse"];
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "range must be one of hour, day",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "range",
                     *           "message": "must be one of hour, day"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    IngestionController_ingest: {
        parameters: {
            query?: {
                /** @description `true`: the list is checked, and the answer says what it would have to expect. Nothing is queued, and no `Idempotency-Key` is taken. */
                dry_run?: components["schemas"]["DryRun"];
            };
            header?: {
                /** @description Names this request: sent again with the same key and body it is not accepted twice. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IngestRequest"];
            };
        };
        responses: {
            /** @description Accepted and kept. With `dry_run=true` there are `ids_ahead`, `estimated_start_at` and `estimated_completion_at` instead, as in the status. */
            200: {
                headers: {
                    /** @description `true` where an earlier acceptance answers and nothing new was queued. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Where to follow it: `/status/{ingestion_id}`. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestResponse"] | components["schemas"]["OutlookResponse"];
                };
            };
            /** @description The body is not JSON, `ids` is empty, a value is not allowed, or `callback_url` is refused. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "ids[2] must be an integer from 1 to 10000000000000000007",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "ids[2]",
                     *           "message": "must be an integer from 1 to 10000000000000000007"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over `BODY_LIMIT`, or holds more ids than `MAX_IDS_PER_REQUEST` or `MAX_WAITING_IDS`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "ids holds 100001 ids, at most 100000 are allowed",
                     *       "status_code": 413,
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Content-Type` is not `application/json` in UTF-8. Without one the body is read as JSON, unless `Origin` or `Sec-Fetch-Site` says that a page of another origin sends it, one that CORS does not allow. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "Content-Type must be application/json, in UTF-8",
                     *       "status_code": 415,
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The JSON has the wrong shape, or the `Idempotency-Key` was used with another body. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "ids[2] must be an integer from 1 to 10000000000000000007",
                     *       "status_code": 422,
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "errors": [
                     *         {
                     *           "field": "ids[2]",
                     *           "message": "must be an integer from 1 to 10000000000000000007"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    StreamController_ingestStream: {
        parameters: {
            query: {
                /** @description Of `text/csv` alone: the column that holds the ids, by its name in the header or by its number from 1. The first one where nothing is said. */
                column?: string;
                /** @description The lane that the list goes through; `default` without it. */
                lane?: string;
                /** @description Higher priorities go out first, strictly; within a priority, the order of acceptance. */
                priority: components["schemas"]["Priority"];
            };
            header?: {
                /** @description Where the list is packed. */
                "Content-Encoding"?: "gzip" | "identity";
                /** @description Names this request: sent again with the same key and list it is not accepted twice. */
                "Idempotency-Key"?: string;
                /** @description Where to tell that the list has ended, as `callback_url` of `POST /ingest`; 400 where it is refused. */
                "X-Callback-Url"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The ids, in this order; a value given twice is processed twice. An id a line; as CSV, with or without a header and other columns; as NDJSON, also `{"id": 7}`. */
        requestBody: {
            content: {
                "application/x-ndjson": string;
                "text/csv": string;
                "text/plain": string;
            };
        };
        responses: {
            /** @description Accepted and kept. */
            200: {
                headers: {
                    /** @description `true` where an earlier acceptance answers and nothing new was queued. */
                    "Idempotency-Replayed"?: "true";
                    /** @description Where to follow it: `/status/{ingestion_id}`. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamResponse"];
                };
            };
            /** @description A line is not an id, the list holds none, or a parameter is not allowed. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "line 3 must be an integer from 1 to 10000000000000000007, not \"abc\"",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "line 3",
                     *           "message": "must be an integer from 1 to 10000000000000000007, not \"abc\""
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The client sent nothing more for 30 s. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "nothing came for 30 s",
                     *       "status_code": 408,
                     *       "type": "about:blank",
                     *       "title": "Request Timeout",
                     *       "status": 408
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The list holds more ids than `MAX_STREAM_IDS` or `MAX_WAITING_IDS`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the list holds more than 10000000 ids",
                     *       "status_code": 413,
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is none of the three types in UTF-8, or packed otherwise than with gzip. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "Content-Type must be one of text/csv, text/plain, application/x-ndjson, in UTF-8",
                     *       "status_code": 415,
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Idempotency-Key` was used with another list. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this Idempotency-Key was used with another body",
                     *       "status_code": 422,
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    IngestionsController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description Only those of this client. Without the scope `admin` they are the own ones, whatever is asked for. */
                client?: string;
                /** @description Only those accepted at this time or later. */
                created_from?: string;
                /** @description Only those accepted at this time or earlier. */
                created_to?: string;
                /** @description Only those of this lane. */
                lane?: string;
                /** @description How many at the most. */
                limit?: number;
                /** @description Only those of this priority. */
                priority?: components["schemas"]["Priority"];
                /** @description Only those that stand so. */
                status?: components["schemas"]["Status"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IngestionList"];
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "limit must be an integer from 1 to 1000",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "limit",
                     *           "message": "must be an integer from 1 to 1000"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ControlController_reprioritise: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that `/ingest` answered. */
                ingestion_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PriorityRequest"];
            };
        };
        responses: {
            /** @description Where it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusHeadResponse"];
                };
            };
            /** @description The body is not JSON, or `priority` is none of the three. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "priority must be one of HIGH, MEDIUM, LOW",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "priority",
                     *           "message": "must be one of HIGH, MEDIUM, LOW"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No ingestion has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "unknown ingestion_id",
                     *       "status_code": 404,
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing of it can change any more. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the ingestion is over: nothing of it waits to be sent",
                     *       "status_code": 409,
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is over `BODY_LIMIT`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the body is larger than 4mb",
                     *       "status_code": 413,
                     *       "type": "about:blank",
                     *       "title": "Payload Too Large",
                     *       "status": 413
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The `Content-Type` is not `application/json` in UTF-8. Without one the body is read as JSON, unless `Origin` or `Sec-Fetch-Site` says that a page of another origin sends it, one that CORS does not allow. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "Content-Type must be application/json, in UTF-8",
                     *       "status_code": 415,
                     *       "type": "about:blank",
                     *       "title": "Unsupported Media Type",
                     *       "status": 415
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The JSON has the wrong shape. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "priority must be a string",
                     *       "status_code": 422,
                     *       "type": "about:blank",
                     *       "title": "Unprocessable Entity",
                     *       "status": 422,
                     *       "errors": [
                     *         {
                     *           "field": "priority",
                     *           "message": "must be a string"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ControlController_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that `/ingest` answered. */
                ingestion_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusHeadResponse"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No ingestion has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "unknown ingestion_id",
                     *       "status_code": 404,
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Nothing of it can change any more. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the ingestion is over: nothing of it waits to be sent",
                     *       "status_code": 409,
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DeadLettersController_redriveIngestion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that `/ingest` answered. */
                ingestion_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many went; 0 where none had given up. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RedriveResponse"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No ingestion has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "unknown ingestion_id",
                     *       "status_code": 404,
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ResultsController_results: {
        parameters: {
            query?: {
                /** @description The `next` of the page before; 0 for the first. */
                after?: string;
                /** @description How many ids at the most. A page ends earlier where their answers make a megabyte. */
                limit?: number;
                /** @description Only ids with this status. A page may then be short, or empty, and still have a `next`; those that failed are found at once wherever they stand. */
                status?: components["schemas"]["Status"];
            };
            header?: {
                /** @description `application/x-ndjson` streams every result. */
                Accept?: string;
            };
            path: {
                /** @description The id that `/ingest` answered. */
                ingestion_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them, or all of them as lines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "results": [
                     *         {
                     *           "id": 1,
                     *           "status": "completed",
                     *           "data": "processed"
                     *         },
                     *         {
                     *           "id": 2,
                     *           "status": "failed",
                     *           "error": {
                     *             "kind": "rejected",
                     *             "message": "no such id"
                     *           }
                     *         },
                     *         {
                     *           "id": 3,
                     *           "status": "yet_to_start"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["ResultPageView"];
                    /**
                     * @example {"id":1,"status":"completed","data":"processed"}
                     *     {"id":2,"status":"failed","error":{"kind":"rejected","message":"no such id"}}
                     *     {"id":3,"status":"yet_to_start"}
                     */
                    "application/x-ndjson": string;
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "limit must be an integer from 1 to 1000",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "limit",
                     *           "message": "must be an integer from 1 to 1000"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No ingestion has this id, or results are not kept (`RESULTS=off`). */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "unknown ingestion_id",
                     *       "status_code": 404,
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ScrapeController_show: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openmetrics-text": string;
                    "text/plain": string;
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    QueueController_show: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the gate stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesResponse"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    GateController_upcoming: {
        parameters: {
            query?: {
                /** @description The lane; `default` without it. */
                lane?: string;
                /** @description How many ids at the most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ids that go next. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpcomingResponse"];
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "limit must be an integer from 1 to 300",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "limit",
                     *           "message": "must be an integer from 1 to 300"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    QueueController_pause: {
        parameters: {
            query?: {
                /** @description Only this lane; all of them without it. */
                lane?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the gate stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesResponse"];
                };
            };
            /** @description The lane, or a parameter, is not known. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "lane is not a known lane",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "lane",
                     *           "message": "is not a known lane"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    QueueController_resume: {
        parameters: {
            query?: {
                /** @description Only this lane; all of them without it. */
                lane?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How the gate stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesResponse"];
                };
            };
            /** @description The lane, or a parameter, is not known. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "lane is not a known lane",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "lane",
                     *           "message": "is not a known lane"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    StatusController_status: {
        parameters: {
            query?: {
                /** @description The `next` of the page before; 0 for the first. */
                after?: string;
                /** @description `none` leaves the batches out: what is asked often should be small. */
                batches?: components["schemas"]["BatchesShown"];
                /** @description `results` adds to each batch what came of its ids, as the original system did. Many of them are better fetched from `/ingestions/{ingestion_id}/results`. */
                include?: components["schemas"]["StatusInclusion"];
                /** @description So many batches at the most, and the answer says where the `next` page begins. */
                limit?: number;
                /** @description Answer as soon as something changes, after so many seconds at the latest. With `If-None-Match`: as soon as the answer is another one than that. `Prefer: wait=` (RFC 7240) does the same. */
                wait?: number;
            };
            header?: {
                /** @description The `ETag` of an answer that is held already: 304 where nothing has changed. */
                "If-None-Match"?: string;
                /** @description `wait=10` answers as soon as something changes, after 10 seconds at the latest. */
                Prefer?: string;
            };
            path: {
                /** @description The id that `/ingest` answered. */
                ingestion_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Where it stands now. */
            200: {
                headers: {
                    /** @description Changes with every change of the answer. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatusResponse"];
                };
            };
            /** @description The answer with this `ETag` still holds. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "limit must be an integer from 1 to 10000",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "limit",
                     *           "message": "must be an integer from 1 to 10000"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No ingestion has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "unknown ingestion_id",
                     *       "status_code": 404,
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    StatusEventsController_events: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `id` of the last event that was received; an `EventSource` sends it by itself. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description The id that `/ingest` answered. */
                ingestion_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events, until the ingestion has ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example event: status
                     *     id: 0
                     *     data: {"status":"triggered"}
                     *
                     *     event: batch
                     *     id: 0
                     *     data: {"batch_id":"019376a0-5c00-8a3e-9b1d-2f4c6e8a0b1d","ids":[1,2,3],"status":"triggered"}
                     *
                     *     event: progress
                     *     id: 0
                     *     data: {"total":5,"yet_to_start":2,"in_flight":3,"completed":0,"failed":0,"percent":0}
                     */
                    "text/event-stream": string;
                };
            };
            /** @description The last event was received: there is nothing more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No ingestion has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "unknown ingestion_id",
                     *       "status_code": 404,
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WebhookDeliveriesController_list: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                after?: string;
                /** @description Only what belongs to this ingestion. Without the scope `admin`, one of the client’s own. */
                ingestion_id?: string;
                /** @description How many at the most. */
                limit?: number;
                /** @description Only those in this state. */
                state?: components["schemas"]["DeliveryState"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "state must be one of pending, delivered, failed",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "state",
                     *           "message": "must be one of pending, delivered, failed"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WebhookDeliveriesController_resend: {
        parameters: {
            query?: {
                /** @description Only what belongs to this ingestion. Without the scope `admin`, one of the client’s own. */
                ingestion_id?: string;
            };
            header?: never;
            path: {
                /** @description As `/webhook-deliveries` shows it. */
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is pending again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
            /** @description A parameter is unknown or not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "state is not a known parameter",
                     *       "status_code": 400,
                     *       "type": "about:blank",
                     *       "title": "Bad Request",
                     *       "status": 400,
                     *       "errors": [
                     *         {
                     *           "field": "state",
                     *           "message": "is not a known parameter"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No delivery has this id. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "unknown delivery_id",
                     *       "status_code": 404,
                     *       "type": "about:blank",
                     *       "title": "Not Found",
                     *       "status": 404
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WhoAmIController_tell: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Whom the service takes the key or token for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WhoAmIResponse"];
                };
            };
            /** @description Keys are asked for, and the request has none that is valid. */
            401: {
                headers: {
                    /** @description How to say who asks. */
                    "WWW-Authenticate"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "a key or a token is needed",
                     *       "status_code": 401,
                     *       "type": "about:blank",
                     *       "title": "Unauthorized",
                     *       "status": 401
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key does not have the scope that this needs. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "this needs the scope admin",
                     *       "status_code": 403,
                     *       "type": "about:blank",
                     *       "title": "Forbidden",
                     *       "status": 403
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The path is known, the method is not. */
            405: {
                headers: {
                    /** @description The methods that are. */
                    Allow?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "PUT is not allowed here",
                     *       "status_code": 405,
                     *       "type": "about:blank",
                     *       "title": "Method Not Allowed",
                     *       "status": 405
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Over the limits of the client. */
            429: {
                headers: {
                    /** @description What is left of each limit, in every answer where there is one: `"default";r=0;t=60`. */
                    RateLimit?: string;
                    /** @description The limits: `"default";q=600;w=60, "ids";q=100000;w=60`. */
                    "RateLimit-Policy"?: string;
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "over the limit of 600 requests a minute",
                     *       "status_code": 429,
                     *       "type": "about:blank",
                     *       "title": "Too Many Requests",
                     *       "status": 429
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A defect. The answer says nothing of the inside. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "internal error",
                     *       "status_code": 500,
                     *       "type": "about:blank",
                     *       "title": "Internal Server Error",
                     *       "status": 500
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not now: the service is stopping, or its store is unreachable. */
            503: {
                headers: {
                    /** @description Seconds to wait before the next try. */
                    "Retry-After"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "detail": "the store is unavailable",
                     *       "status_code": 503,
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
