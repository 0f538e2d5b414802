import { parseExact } from '../../../src/clients/typescript/exact-json.js';

/** The part of a schema that the generator of requests reads. */
export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  /** Of an object whose fields are not described. */
  readonly example?: object;
}

export type Content = Readonly<Record<string, { readonly schema: Schema }>>;

export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface DocumentedOperation {
  readonly method: string;
  /** The path with its parameters: `/status/{ingestion_id}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The schemas of the request body, by media type. */
  readonly body: Content;
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: DocumentedOperation['responses'];
}

/** The document at `/openapi.json`, with its references. */
export class ServedDocument {
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly operations: readonly DocumentedOperation[];

  constructor(text: string) {
    const { paths, components } = parseExact(text) as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
      readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
    };
    this.schemas = components.schemas;
    this.operations = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { parameters = [], requestBody, responses }]) => ({
        method: method.toUpperCase(),
        path,
        parameters,
        body: requestBody?.content ?? {},
        responses,
      })),
    );
  }

  /** Resolves a schema that only refers to another. */
  resolve(schema: Schema): Schema {
    const [only] = schema.allOf ?? [];
    const name = (schema.$ref ?? only?.$ref)?.split('/').at(-1);
    return name === undefined ? schema : this.resolve(this.schemas[name] ?? {});
  }
}
