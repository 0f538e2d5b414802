/** TypeScript's libraries do not know https://github.com/tc39/proposal-json-parse-with-source yet. */
interface JSON {
  /** Writes `text`, itself one JSON primitive, as it stands. */
  rawJSON(text: string): object;

  /** The reviver's context carries the text of a primitive as it was written. */
  parse(
    text: string,
    reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
}
