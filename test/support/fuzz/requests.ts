import fc, { type Arbitrary } from 'fast-check';
import { stringifyExact } from '../../../src/clients/typescript/exact-json.js';
import type { DocumentedOperation, Parameter, Schema, ServedDocument } from './document.js';

export interface FuzzedRequest {
  /** The request target as sent, with the query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/** Values that exist in the service, by name; the generator prefers them to random ones. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

const LARGEST_ID = 10n ** 19n + 7n;
const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const oddText = fc.constantFrom(
  '',
  '0',
  '-1',
  '1e3',
  '1.5',
  '00',
  'NULL',
  'null',
  '%00',
  '../..',
  '[]',
  '9'.repeat(25),
);
const idText = fc.bigInt({ min: 0n, max: LARGEST_ID + 1n }).map(String);
const longText = fc.string({ unit: 'grapheme-ascii', maxLength: 300 });

/** Generates requests for an operation: valid, nearly valid, and far from valid. */
export function requestsOf(
  operation: DocumentedOperation,
  document: ServedDocument,
  known: KnownValues,
): Arbitrary<FuzzedRequest> {
  const of = (kind: Parameter['in']): Parameter[] =>
    operation.parameters.filter((parameter) => parameter.in === kind);
  const path = fc
    .tuple(
      ...of('path').map(({ name }) =>
        fc.oneof({ weight: 4, arbitrary: knownOf(name, known) }, anyText, oddText),
      ),
    )
    .map((values) =>
      values.reduce((text, value) => text.replace(/\{\w+\}/, () => inPath(value)), operation.path),
    );
  const query = fc
    .tuple(
      fc.oneof(
        { weight: 3, arbitrary: recordOf(of('query'), document, known, true) },
        recordOf(of('query'), document, known, false),
        recordOf(of('query').filter(isRequired), document, known, true),
      ),
      fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, fc.dictionary(anyText, anyText, { maxKeys: 2 })),
      fc.boolean(),
    )
    .map(([meant, more, isTwice]) => inQuery(meant, more, isTwice));
  const headers = fc.record(
    {
      ...Object.fromEntries(
        of('header').map(({ name, schema }) => [
          name.toLowerCase(),
          fc
            .oneof(knownOf(name.toLowerCase(), known), textOf(document.resolve(schema)), longText)
            .map(inHeader),
        ]),
      ),
      accept: fc.constantFrom('*/*', 'application/json', 'application/x-ndjson', 'text/html', 'x', '*/*;q=0'),
      'accept-encoding': fc.constantFrom('gzip', 'br', 'identity;q=0', '*'),
    },
    { requiredKeys: [] },
  );
  const fewHeaders = fc.oneof(fc.constant<Record<string, string>>({}), headers);
  return fc
    .tuple(path, query, fewHeaders, contentOf(operation, document, known))
    .map(([place, search, sent, { type, body }]) => ({
      target: place + search,
      headers: { ...sent, ...(type !== undefined && { 'content-type': type }) },
      body,
    }));
}

function contentOf(
  { method, body }: DocumentedOperation,
  document: ServedDocument,
  known: KnownValues,
): Arbitrary<{ type?: string; body: string | Buffer | undefined }> {
  if (method === 'GET') {
    return fc.constant({ body: undefined });
  }
  const meant = Object.entries(body).map(([type, { schema }]) =>
    fc.record({
      type: fc.constantFrom(type, type, `${type}; charset=utf-8`),
      body:
        type === 'application/json'
          ? valueOf(schema, document, known).map(stringifyExact)
          : fc
              .oneof(fc.array(idText, { minLength: 1, maxLength: 8 }), fc.array(lineOf(), { maxLength: 8 }))
              .map((lines) => lines.join('\n')),
    }),
  );
  const far = fc.record(
    {
      type: fc.constantFrom(
        'application/json',
        'text/csv',
        'text/plain; charset=utf-16',
        'x',
        'multipart/form-data',
      ),
      body: fc.oneof(
        fc.json(),
        anyText,
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc.constant('['.repeat(2000)),
        fc.constant(undefined),
      ),
    },
    { requiredKeys: ['body'] },
  );
  return fc.oneof(...meant.map((arbitrary) => ({ weight: 3, arbitrary })), { weight: 2, arbitrary: far });
}

/** Generates values that fit the schema, or nearly do. */
function valueOf(schema: Schema, document: ServedDocument, known: KnownValues): Arbitrary<unknown> {
  const {
    type,
    properties,
    required = [],
    items,
    enum: choices,
    minimum,
    maximum,
    example,
  } = document.resolve(schema);
  let fit: Arbitrary<unknown> = anyText;
  if (choices !== undefined) {
    fit = fc.constantFrom(...choices);
  } else if (properties !== undefined) {
    const fields = Object.entries(properties).map(
      ([name, field]) =>
        [name, name in known ? knownOf(name, known) : valueOf(field, document, known)] as const,
    );
    fit = fc.oneof(
      { weight: 4, arbitrary: fc.record(Object.fromEntries(fields), { requiredKeys: [...required] }) },
      fc.record(Object.fromEntries(fields), { requiredKeys: [] }),
      fc.record(Object.fromEntries(fields.filter(([name]) => required.includes(name)))),
    );
  } else if (type === 'object' && example !== undefined) {
    fit = fc.oneof(
      fc.constant(example),
      fc.dictionary(fc.constantFrom(...Object.keys(example)), fc.jsonValue()),
    );
  } else if (type === 'array') {
    fit = fc.array(valueOf(items ?? {}, document, known), { maxLength: 8 });
  } else if (type === 'integer') {
    fit = fc.bigInt({ min: BigInt(minimum ?? 0) - 1n, max: BigInt(maximum ?? LARGEST_ID) + 1n });
  }
  return fc.oneof({ weight: 40, arbitrary: fit }, fc.jsonValue({ maxDepth: 2 }), fc.double());
}

function lineOf(): Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: idText },
    idText.map((text) => `{"id":${text}}`),
    idText.map((text) => `"${text}",x`),
    fc.constant(''),
    anyText,
  );
}

function recordOf(
  parameters: readonly Parameter[],
  document: ServedDocument,
  known: KnownValues,
  hasRequired: boolean,
): Arbitrary<Record<string, string>> {
  const values = parameters.map(({ name, schema }) => {
    const fit = name in known ? knownOf(name, known) : textOf(document.resolve(schema));
    return [name, fc.oneof({ weight: 16, arbitrary: fit }, oddText, anyText)] as const;
  });
  return fc.record(Object.fromEntries(values), {
    requiredKeys: parameters
      .filter((parameter) => hasRequired && isRequired(parameter))
      .map(({ name }) => name),
  });
}

function isRequired({ required }: Parameter): boolean {
  return required === true;
}

function knownOf(name: string, known: KnownValues): Arbitrary<string> {
  const values = known[name] ?? [];
  return values.length === 0 ? anyText : fc.constantFrom(...values);
}

function textOf({ type, format, enum: choices, pattern, minimum, maximum }: Schema): Arbitrary<string> {
  if (choices !== undefined) {
    return fc.constantFrom(...choices.map(String));
  }
  if (type === 'integer') {
    return fc.bigInt({ min: BigInt(minimum ?? 0) - 1n, max: BigInt(maximum ?? 1000) + 1n }).map(String);
  }
  if (pattern !== undefined) {
    return fc.stringMatching(new RegExp(pattern));
  }
  if (format === 'date-time') {
    return fc
      .date({ noInvalidDate: false })
      .map((date) => (Number.isNaN(date.getTime()) ? 'NaN' : date.toISOString()));
  }
  return format === 'uri' ? fc.webUrl() : anyText;
}

/** Encodes a value for a path; a leading `%` stays, to send malformed escapes too. */
function inPath(value: string): string {
  return value.startsWith('%') ? value : encodeURIComponent(value.toWellFormed()) || 'x';
}

function inQuery(
  meant: Readonly<Record<string, string | undefined>>,
  more: Readonly<Record<string, string>>,
  isTwice: boolean,
): string {
  const pairs = [...Object.entries(meant), ...Object.entries(more)].flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toWellFormed(), value.toWellFormed()]],
  );
  const [first] = pairs;
  const all = isTwice && pairs.length > 3 && first !== undefined ? [...pairs, first] : pairs;
  return all.length === 0 ? '' : `?${new URLSearchParams(all).toString()}`;
}

/** Keeps the characters that Node.js allows in a header. */
function inHeader(text: string): string {
  return text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '');
}
