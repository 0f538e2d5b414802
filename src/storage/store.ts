/** The store as a whole: what the service says of it, and how it is let go. */
export abstract class Store {
  /** For people: which one and where. Holds no secret. */
  abstract readonly description: string;

  /** @throws StoreUnavailableError while the store does not take work. */
  abstract check(): Promise<void>;

  abstract close(): Promise<void>;
}
