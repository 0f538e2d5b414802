import type { Labels } from '../domain/labels.js';

/** An idempotency key. */
export interface CallKey {
  /** The value of the `Idempotency-Key` header: printable ASCII. */
  readonly value: string;
  /** True if an earlier request had this key and its outcome is unknown. */
  readonly isRepeated: boolean;
  /** The dispatch whose request was the first with this key. */
  readonly dispatchId: string;
}

/** The idempotency keys of a dispatch. An upstream uses those of its kind of request. */
export interface CallKeys {
  /** The key of one request with all ids. */
  readonly dispatch: CallKey;
  /** The keys of requests with one id each, in the order of the ids. */
  readonly ids: readonly CallKey[];
}

/** A request to the external API: one dispatch. */
export interface UpstreamCall {
  /** Identifies this dispatch. A dispatch that repeats a call has another id and the key of that call. */
  readonly dispatchId: string;
  readonly keys: CallKeys;
  /** The ids in the order of the queue; a value may occur more than once. */
  readonly ids: readonly bigint[];
  /** The labels of the list of each id, in the order of `ids`; absent if no list of the dispatch has labels. */
  readonly labels?: readonly Labels[];
  /**
   * For an implementation that must do something before it sends its request, such as connecting: await it
   * right before the request is written. It resolves when a slot is free; if it rejects, nothing may be sent. For a further
   * request of the same dispatch it resolves at once, unless the lane was closed or changed meanwhile.
   */
  readonly beforeSend?: () => Promise<void>;
  /**
   * Call it as soon as the request is written: the pace is measured from there. Without a call it is measured
   * from the call of `process`.
   */
  readonly onSent?: () => void;
  /** True if each request of the dispatch must await `beforeSend` and report `onSent`; otherwise the first one does. */
  readonly asksForEach?: boolean;
  /** Call it for each limit that a response tells, as soon as the response arrives. It can only lower the pace. */
  readonly onLimit?: (limit: UpstreamLimit) => void;
}

/** A limit of the upstream, as a response tells it. */
export interface UpstreamLimit {
  /** The number of calls that the upstream still accepts before the reset; 0 holds the lane until then. */
  readonly remaining: number;
  /** The time until the upstream accepts more calls, in ms from the arrival of the response. */
  readonly resetInMs: number;
  /** The name of the header that tells it, for people. */
  readonly header: string;
}

/** The result of one id. */
export type UpstreamResult =
  | {
      readonly id: bigint;
      readonly ok: true;
      /** A value that is stored as JSON; an integer beyond the range of a double is a bigint or raw JSON. */
      readonly data: unknown;
    }
  | {
      readonly id: bigint;
      readonly ok: true;
      /** JSON text that is stored unchanged: exact, without line breaks; null for no data. */
      readonly dataJson: string | null;
    }
  | {
      readonly id: bigint;
      readonly ok: false;
      readonly message: string;
      /** True if the upstream rejects this id for good, so a retry is useless. */
      readonly permanent: boolean;
      /** A more precise kind than {@link permanent} tells. */
      readonly kind?: UpstreamFailureKind;
      /** See {@link UpstreamCallError.upstreamStatus}. */
      readonly upstreamStatus?: number;
      /** See {@link UpstreamCallError.retryAfterMs}. */
      readonly retryAfterMs?: number;
      /** See {@link UpstreamCallError.isRateLimited}. */
      readonly isRateLimited?: boolean;
      /** See {@link UpstreamCallError.isUnsent}. */
      readonly isUnsent?: boolean;
      /** See {@link UpstreamCallError.isRefused}. */
      readonly isRefused?: boolean;
      /** See {@link UpstreamCallError.isOutcomeUnknown}. */
      readonly isOutcomeUnknown?: boolean;
    };

export type UpstreamFailureKind = 'network' | 'timeout' | 'upstream' | 'rejected' | 'bad_answer';

export interface UpstreamCallErrorOptions extends ErrorOptions {
  readonly upstreamStatus?: number;
  readonly retryAfterMs?: number;
  readonly isRateLimited?: boolean;
  readonly isUnsent?: boolean;
  readonly isRefused?: boolean;
  readonly isOutcomeUnknown?: boolean;
}

/** The upstream request failed as a whole: none of its ids has a result. */
export class UpstreamCallError extends Error {
  override readonly name = 'UpstreamCallError';
  /** The HTTP status of the response; undefined if there was none, or if it reported success. */
  readonly upstreamStatus: number | undefined;
  /** The wait that the upstream asks for, in ms. Nothing is sent before it is over, and the ids lose no attempt. */
  readonly retryAfterMs: number | undefined;
  /**
   * True if the upstream refuses the request because there were too many (status 429). The ids lose no attempt. Without
   * {@link retryAfterMs} the lane is held by the backoff.
   */
  readonly isRateLimited: boolean;
  /**
   * True if nothing of the request was sent, for example because no connection could be made. The ids lose no
   * attempt.
   */
  readonly isUnsent: boolean;
  /**
   * True if the upstream refused the request before it looked at the ids, such as for a token that has ended or a client
   * certificate. The ids lose no attempt.
   */
  readonly isRefused: boolean;
  /**
   * True if the upstream may have processed the request: it was sent, and no answer arrived. Its ids are sent again under
   * the same key. The default is true for a timeout and for a connection that broke.
   */
  readonly isOutcomeUnknown: boolean;

  constructor(
    readonly kind: UpstreamFailureKind,
    message: string,
    /** True if a retry is useless. */
    readonly permanent = false,
    options: UpstreamCallErrorOptions = {},
  ) {
    super(message, options);
    this.upstreamStatus = options.upstreamStatus;
    this.retryAfterMs = options.retryAfterMs;
    this.isRateLimited = options.isRateLimited ?? false;
    this.isUnsent = options.isUnsent ?? false;
    this.isRefused = options.isRefused ?? false;
    this.isOutcomeUnknown = options.isOutcomeUnknown ?? (leavesDoubt(kind) && !this.isUnsent);
  }
}

/** Returns true if a failure of this kind leaves open whether the upstream has processed a request that was sent. */
export function leavesDoubt(kind: UpstreamFailureKind | undefined): boolean {
  return kind === 'network' || kind === 'timeout';
}

/** The upstream. Override this provider to use another one, also in tests. */
export abstract class ExternalApi {
  /** The kind and location of the upstream, for people. Contains no secret. */
  abstract readonly description: string;

  /**
   * True if all ids of a dispatch go in one request, under one key. If the outcome of such a request is unknown, its ids go
   * again in one dispatch of their own.
   */
  abstract readonly sharesKey: boolean;

  /**
   * Sends a dispatch and resolves with one result per id, in any order. The caller handles missing, repeated
   * and unknown ids. `signal` aborts the request. The caller does not wait for an implementation that ignores
   * it; one that already has some results resolves with those at once.
   * @throws UpstreamCallError if the request fails as a whole.
   */
  abstract process(call: UpstreamCall, signal: AbortSignal): Promise<readonly UpstreamResult[]>;

  /**
   * Announces a request in `inMs`, when the next slot opens. An implementation can do slow preparations
   * shortly before, such as connecting. It is only a hint: the request may come later, not at all, or without
   * it.
   */
  prepare?(inMs: number): void;
}
