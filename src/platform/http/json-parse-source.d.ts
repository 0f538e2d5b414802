/**
 * Adds types of https://github.com/tc39/proposal-json-parse-with-source, which TypeScript's libraries do not
 * have yet.
 */
interface JSON {
  /** Inserts `text`, which must be one JSON primitive, into the output unchanged. */
  rawJSON(text: string): object;

  /** The reviver's context has the source text of a primitive. */
  parse(
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}
