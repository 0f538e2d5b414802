/** The result of one attempt of a delivery. */
export interface WebhookResponse {
  /** The HTTP status; null if there was no response. */
  readonly httpStatus: number | null;
  /** The error; null if the receiver accepted the message. */
  readonly error: string | null;
}
