/** A setting of a mapping is not valid. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
  /** The names of the settings that lead to the faulty one, such as `throttled`, `when`. */
  readonly path: readonly string[];

  constructor(path: readonly string[], message: string) {
    super(message);
    this.path = path;
  }
}
