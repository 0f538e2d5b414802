/** The part of a documented operation that tests of all operations need. */
export interface Operation {
  readonly method: string;
  /** The path with its parameters: `/status/{ingestion_id}`. */
  readonly path: string;
  readonly scope: string | undefined;
  readonly body: { readonly type: string; readonly example: string } | undefined;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface MediaType {
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly example?: unknown;
}

interface Described {
  readonly 'x-needs-scope'?: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Operation['responses'];
}

/** Reads all operations of `/openapi.json`. */
export async function readOperations(url: string): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  };
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, described]) => ({
      method: method.toUpperCase(),
      path,
      scope: described['x-needs-scope'],
      body: bodyOf(described),
      responses: described.responses,
    })),
  );
}

function bodyOf({ requestBody }: Described): Operation['body'] {
  const [first] = Object.entries(requestBody?.content ?? {});
  if (first === undefined) {
    return undefined;
  }
  const [type, { example, examples = {} }] = first;
  const value = example ?? Object.values(examples)[0]?.value ?? {};
  return { type, example: typeof value === 'string' ? value : JSON.stringify(value) };
}
