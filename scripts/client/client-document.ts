import type { OpenAPI3, OperationObject, ReferenceObject, ResponseObject } from 'openapi-typescript';

const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;
const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';

/**
 * Returns the OpenAPI document as the client's types need it: small, and with one type for each response.
 * - Examples are left out.
 * - Errors are one response, `default`. The statuses are in docs/api.md.
 * - Webhooks are left out: a client does not send them.
 * - A response that can be JSON is JSON: the client asks for nothing else.
 * - `POST /ingest` has no `dry_run`, so its response always has an `ingestion_id`. `estimate` is the dry run.
 */
export function toClientDocument(text: string): OpenAPI3 {
  const document = JSON.parse(text, (key, value: unknown) =>
    key === 'example' || key === 'examples' ? undefined : value,
  ) as OpenAPI3;
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = (path as Partial<Record<string, OperationObject>>)[method];
      if (operation !== undefined) {
        simplifyResponses(operation);
      }
    }
  }
  Reflect.deleteProperty(document, 'webhooks');
  const schema = { $ref: '#/components/schemas/Problem' };
  document.components = {
    ...document.components,
    responses: { Error: { description: 'An error.', content: { [PROBLEM_TYPE]: { schema } } } },
  };
  removeDryRun((document.paths?.['/ingest'] as { post: OperationObject }).post);
  return document;
}

function simplifyResponses(operation: OperationObject): void {
  const { responses = {} } = operation;
  for (const [status, response] of Object.entries(responses) as [string, ResponseObject][]) {
    const { content } = response;
    if (content?.[PROBLEM_TYPE] !== undefined) {
      Reflect.deleteProperty(responses, status);
      responses.default = { $ref: '#/components/responses/Error' };
    } else if (content?.[JSON_TYPE] !== undefined) {
      response.content = { [JSON_TYPE]: content[JSON_TYPE] };
      removeParameter(operation, 'Accept');
    }
  }
}

function removeDryRun(operation: OperationObject): void {
  removeParameter(operation, 'dry_run');
  const response = operation.responses?.['200'] as ResponseObject;
  const content = response.content?.[JSON_TYPE];
  const { oneOf = [] } = content?.schema as { readonly oneOf?: readonly ReferenceObject[] };
  const accepted = oneOf.find(({ $ref }) => $ref.endsWith('/IngestResponse'));
  if (content === undefined || accepted === undefined) {
    throw new Error('the response of POST /ingest is not the one that the client expects');
  }
  content.schema = accepted;
  response.description = 'The list is accepted and stored.';
}

function removeParameter(operation: OperationObject, name: string): void {
  const { parameters = [] } = operation;
  operation.parameters = parameters.filter((parameter) => !('name' in parameter && parameter.name === name));
}
