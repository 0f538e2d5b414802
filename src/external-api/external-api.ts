/** What is asked of the external API: one dispatch. */
export interface UpstreamCall {
  /** The same for every delivery of this dispatch; a fit Idempotency-Key. */
  readonly dispatchId: string;
  /** In the order of the queue; a value may stand in it more than once. */
  readonly ids: readonly bigint[];
  /**
   * For an implementation that has something to do before its request leaves, such as connecting: to be awaited right
   * before the request is written. It takes until a slot is free; when it rejects nothing may be sent.
   */
  readonly beforeSend?: () => Promise<void>;
  /** To be called as soon as the request is written: the pace counts from there. Without it, from `process`. */
  readonly onSent?: () => void;
}

/** What the external API says of one id. */
export type UpstreamResult =
  | {
      readonly id: bigint;
      readonly ok: true;
      /** Kept as the JSON that it makes; a number beyond a double is a bigint or raw JSON. */
      readonly data: unknown;
    }
  | {
      readonly id: bigint;
      readonly ok: true;
      /** Kept as it stands: exact JSON without line breaks; null for nothing. */
      readonly dataJson: string | null;
    }
  | {
      readonly id: bigint;
      readonly ok: false;
      readonly message: string;
      /** Another attempt cannot help: the upstream refuses this id for good. */
      readonly permanent: boolean;
      /** Where it is known better than by {@link permanent}. */
      readonly kind?: UpstreamFailureKind;
      /** See {@link UpstreamCallError.retryAfterMs}. */
      readonly retryAfterMs?: number;
      /** See {@link UpstreamCallError.isUnsent}. */
      readonly isUnsent?: boolean;
    };

export type UpstreamFailureKind = 'network' | 'timeout' | 'upstream' | 'rejected' | 'bad_answer';

export interface UpstreamCallErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number;
  readonly isUnsent?: boolean;
}

/** The call failed as a whole: none of its ids has an answer. */
export class UpstreamCallError extends Error {
  override readonly name = 'UpstreamCallError';
  /** The upstream asks to be left alone for so long. Until then nothing is sent, and the ids lose no attempt. */
  readonly retryAfterMs: number | undefined;
  /** Nothing of the request was sent, for example because no connection could be made. The ids lose no attempt. */
  readonly isUnsent: boolean;

  constructor(
    readonly kind: UpstreamFailureKind,
    message: string,
    /** Another attempt cannot help. */
    readonly permanent = false,
    options: UpstreamCallErrorOptions = {},
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
    this.isUnsent = options.isUnsent ?? false;
  }
}

/** The upstream behind the gate. Replace this provider to put another one there, in tests too. */
export abstract class ExternalApi {
  /** For people: what it is and where. Holds no secret. */
  abstract readonly description: string;

  /**
   * Sends a dispatch and resolves with what came back, an answer per id in any order. What it leaves out, repeats or
   * makes up is dealt with by the caller. `signal` aborts the call; whoever ignores it is not waited for, and whoever
   * knows some of the answers by then resolves with those at once.
   * @throws UpstreamCallError when the call fails as a whole.
   */
  abstract process(call: UpstreamCall, signal: AbortSignal): Promise<readonly UpstreamResult[]>;

  /**
   * A call may follow in `inMs`, when the next slot opens: what takes time before it can leave, such as connecting, may
   * be done shortly before. A hint: the call may come later or not at all, and also without it.
   */
  prepare?(inMs: number): void;
}
