/** Decides which callback URLs are accepted. */
export abstract class CallbackPolicy {
  /**
   * Returns the URL in its usual form.
   * @throws CallbackNotAllowedError with the reason, where the service would not call it.
   */
  abstract check(url: string): string;
}
