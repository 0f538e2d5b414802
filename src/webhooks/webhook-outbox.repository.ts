import type { AttemptOutcome, ClaimedDelivery, Delivery, DeliveryState } from '../domain/webhook-delivery.js';

export interface DeliveryFilter {
  readonly ingestionId?: string;
  readonly state?: DeliveryState;
}

export interface DeliveryBacklog {
  readonly pending: number;
  /** Since when the one waits that has waited longest; null where none does. */
  readonly oldestMs: number | null;
}

/** Of a backlog no more is looked at: a look costs the same whatever waits. */
export const MAX_BACKLOG_COUNTED = 10_000;

/** The receivers of one client at one host. */
export interface ClientHost {
  readonly client: string | null;
  /** The beginning of each URL of that host, such as `https://example.com/`. */
  readonly host: string;
}

/** Nothing more may be sent for these now. */
export interface SaturatedReceivers {
  /** Clients that hold their share of places; null for what belongs to no client. */
  readonly clients: readonly (string | null)[];
  /** Hosts to which a client has as many deliveries in flight as it may; of clients that are not busy as a whole. */
  readonly hosts: readonly ClientHost[];
}

export const NONE_SATURATED: SaturatedReceivers = { clients: [], hosts: [] };

/** The outbox. Every method throws `StoreUnavailableError` when the store cannot do it now. */
export abstract class WebhookOutbox {
  /**
   * Takes up to `limit` deliveries that are due for this process alone, for `leaseMs`; whoever has not recorded their
   * outcome by then loses them to the next who asks. One of an ingestion waits until those before it have ended. Those
   * for `busy` receivers are passed over, at a cost that does not grow with how many they are.
   */
  abstract claim(limit: number, leaseMs: number, busy?: SaturatedReceivers): Promise<ClaimedDelivery[]>;

  /** Records what came of an attempt. False, and nothing recorded, where the claim is held no more. */
  abstract record(claimed: ClaimedDelivery, outcome: AttemptOutcome): Promise<boolean>;

  /** What has not ended yet, looked at in the first 10,000 of it alone. */
  abstract backlog(): Promise<DeliveryBacklog>;

  /** The newest first: at most `limit` with a number below `before` (null: from the newest on). */
  abstract list(filter: DeliveryFilter, before: number | null, limit: number): Promise<Delivery[]>;

  /**
   * Sends one again, due at once, its attempts starting anew, whatever its state. Null where it is unknown, or not of that
   * ingestion.
   */
  abstract resend(deliveryId: string, ingestionId?: string): Promise<Delivery | null>;
}
