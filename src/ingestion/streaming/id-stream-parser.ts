/** Makes packed ids of the bytes of a list, which come in pieces of any size. */
export interface IdStreamParser {
  /**
   * Gives the blocks that are full, each ready to be staged. Nothing of the piece may be held on to.
   * @throws InvalidLineError, InvalidListError
   */
  parse(piece: Uint8Array): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

  /** The list ends here. Gives what is left. */
  end(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}
