import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const HEADER = `// Written by \`npm run client:generate\` from the OpenAPI document. Not to be edited.

`;

/** Returns the source of `src/clients/typescript/schema.ts`. Integers beyond a double are bigints. */
export async function schemaSource(document: string): Promise<string> {
  const nodes = await openapiTS(document, {
    alphabetize: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    transform: (schema) =>
      'maximum' in schema && schema.type === 'integer' && (schema.maximum ?? 0) > Number.MAX_SAFE_INTEGER
        ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.BigIntKeyword)
        : undefined,
  });
  return HEADER + astToString(nodes);
}
