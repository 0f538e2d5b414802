/** Parses the bytes of an ingestion, which arrive in pieces of any size, into packed ids. */
export interface IdStreamParser {
  /**
   * Yields the full blocks, each ready to be staged. The parser must not keep a reference to the piece.
   * @throws InvalidLineError, InvalidListError where the input is invalid
   */
  parse(piece: Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

  /** Ends the input and yields the remaining ids. */
  end(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}
