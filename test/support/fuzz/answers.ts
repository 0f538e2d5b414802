import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Answer } from './ask.js';
import type { Content, DocumentedOperation, Schema, ServedDocument } from './document.js';

const IS_JSON = /[/+]json$/;
const BASE = 'sluice://document';

/**
 * Compares responses with the document: status, media type and body, which may have only described fields.
 */
export class Answers {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly validators = new Map<Schema, ValidateFunction>();

  constructor({ schemas }: ServedDocument) {
    formats.default(this.ajv);
    this.ajv.addSchema({ $id: BASE, components: { schemas: toJsonSchema(schemas) } });
  }

  /** Returns the faults of a response; empty if there are none. */
  faults({ responses }: DocumentedOperation, { status, contentType, body }: Answer): string[] {
    const response = responses[String(status)];
    if (status === 500 || response === undefined) {
      return [`${String(status)} ${body}`];
    }
    const { content = {} } = response;
    const described = Object.keys(content);
    if (described.length === 0) {
      return body === '' ? [] : [`${String(status)} has a body: ${body}`];
    }
    if (!described.includes(contentType)) {
      return [`${String(status)} is ${contentType}, not ${described.join(' or ')}`];
    }
    return IS_JSON.test(contentType) && body !== '' ? this.faultsOfBody(content, contentType, body) : [];
  }

  private faultsOfBody(content: Content, contentType: string, body: string): string[] {
    const { schema } = content[contentType] ?? { schema: {} };
    let validate = this.validators.get(schema);
    if (validate === undefined) {
      validate = this.ajv.compile(toJsonSchema(schema) as object);
      this.validators.set(schema, validate);
    }
    return validate(JSON.parse(body))
      ? []
      : (validate.errors ?? []).map(
          ({ instancePath, message = '', params }) =>
            `${instancePath} ${message} ${JSON.stringify(params)}: ${body}`,
        );
  }
}

/** Converts OpenAPI 3.0 to JSON Schema: rewrites `nullable` and forbids fields that are not described. */
function toJsonSchema(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  if (Array.isArray(value)) {
    return value.map(toJsonSchema);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { nullable, ...rest } = value as Record<string, unknown>;
  const fields = Object.fromEntries(
    Object.entries(rest).map(([name, field]) => [
      name,
      name === '$ref' ? `${BASE}${String(field)}` : toJsonSchema(field),
    ]),
  );
  const isClosed = typeof rest['properties'] === 'object' && rest['additionalProperties'] === undefined;
  const schema = { ...fields, ...(isClosed && { additionalProperties: false }) };
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}
