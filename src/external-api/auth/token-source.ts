/** Gives the bearer token that each request to an upstream carries. */
export interface TokenSource {
  /**
   * Resolves with the token for the next request.
   * @throws Error that says why there is none; its message holds no secret.
   */
  current(): Promise<string>;

  /**
   * Call it with the status of each response to a request with this token. Returns true if the upstream has refused the
   * token and the next request will have another one, so that the refused request costs nothing.
   */
  isRenewedAfter(token: string, status: number): boolean;
}
