import type { AuditEntry } from '../domain/audit.js';
import type { AttemptOutcome, ClaimedDelivery, Delivery, DeliveryState } from '../domain/webhook-delivery.js';

export interface DeliveryFilter {
  readonly ingestionId?: string;
  readonly state?: DeliveryState;
}

export interface DeliveryBacklog {
  readonly pending: number;
  /** The time for which the oldest pending delivery has been pending, in ms; null if none is pending. */
  readonly oldestMs: number | null;
}

/** At most this many deliveries are counted, so that the cost is bounded. */
export const MAX_BACKLOG_COUNTED = 10_000;

/** The receivers of one client on one host. */
export interface ClientHost {
  readonly client: string | null;
  /** The start of each URL of that host, such as `https://example.com/`. */
  readonly host: string;
}

/** Receivers that may get no further delivery now. */
export interface SaturatedReceivers {
  /** Clients that use all their places; null for deliveries without a client. */
  readonly clients: readonly (string | null)[];
  /** Hosts with the maximum of deliveries in flight of one client; only for clients that are not in `clients`. */
  readonly hosts: readonly ClientHost[];
}

export const NONE_SATURATED: SaturatedReceivers = { clients: [], hosts: [] };

/** The outbox of webhooks. Every method throws `StoreUnavailableError` if the store is unavailable. */
export abstract class WebhookOutbox {
  /**
   * Claims up to `limit` due deliveries for this process, for `leaseMs`; after that time another process may
   * claim a delivery whose outcome is not recorded. A delivery is not claimed before the preceding ones of
   * its ingestion have ended. Deliveries for `busy` receivers are skipped, at a cost that does not grow with
   * their number.
   */
  abstract claim(limit: number, leaseMs: number, busy?: SaturatedReceivers): Promise<ClaimedDelivery[]>;

  /** Records the outcome of an attempt. Resolves with false, and records nothing, if the claim has expired. */
  abstract record(claimed: ClaimedDelivery, outcome: AttemptOutcome): Promise<boolean>;

  /** Counts the deliveries that have not ended, up to 10,000. */
  abstract backlog(): Promise<DeliveryBacklog>;

  /** Lists at most `limit` deliveries with a number below `before` (null: no bound), the newest first. */
  abstract list(filter: DeliveryFilter, before: number | null, limit: number): Promise<Delivery[]>;

  /**
   * Sends a delivery again, in any state: it is due at once, and its attempts start again. Resolves with null
   * if it is unknown, or belongs to another ingestion. Otherwise it stores `audit`.
   */
  abstract resend(deliveryId: string, ingestionId?: string, audit?: AuditEntry): Promise<Delivery | null>;
}
