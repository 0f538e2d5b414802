import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { toClientDocument } from './client-document.ts';

const HEADER = `// Written by \`npm run client:generate\` from the OpenAPI document. Not to be edited.

`;

/** Schemas of request bodies, by the path of a part of them. */
const IN_REQUEST = /^#\/components\/schemas\/\w+Request\//;

/**
 * Returns the source of `src/clients/typescript/schema.ts`. Integers beyond a double are bigints; in a request they
 * may be numbers, too.
 */
export async function schemaSource(document: string): Promise<string> {
  const nodes = await openapiTS(toClientDocument(document), {
    alphabetize: true,
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    transform: (schema, { path = '' }) => {
      if (!('maximum' in schema && schema.type === 'integer' && isBeyondDouble(schema.maximum))) {
        return undefined;
      }
      const bigint = ts.factory.createKeywordTypeNode(ts.SyntaxKind.BigIntKeyword);
      const number = ts.factory.createKeywordTypeNode(ts.SyntaxKind.NumberKeyword);
      return IN_REQUEST.test(path) ? ts.factory.createUnionTypeNode([number, bigint]) : bigint;
    },
  });
  return HEADER + compact(astToString(nodes));
}

function isBeyondDouble(maximum = 0): boolean {
  return maximum > Number.MAX_SAFE_INTEGER;
}

/**
 * Leaves out what has no type: the methods that a path does not have, its empty `parameters`, the kinds of parameters and the
 * body that an operation does not have, and the headers of a response that names none; and what no editor shows: the
 * comments of paths. Names a schema by its own type, and indents by one blank.
 */
function compact(source: string): string {
  const end = source.indexOf('\nexport interface components');
  const paths = source
    .slice(0, end)
    .replaceAll(/^ {8}(?:get|put|post|delete|options|head|patch|trace)\?: never;\n/gm, '')
    .replaceAll(/^ {8}parameters: \{\n(?: {12}\w+\?: never;\n)+ {8}\};\n/gm, '')
    .replaceAll(/^ +\/\*\*(?:[^*]|\*(?!\/))*\*\/\n/gm, '');
  return `${paths}${source.slice(end)}`
    .replaceAll(/^ +(?:cookie|header|path|query|requestBody)\?: never;\n/gm, '')
    .replaceAll(/^ +parameters: \{\n +\};\n/gm, '')
    .replaceAll(/^ +\* @enum \{string\}\n/gm, '')
    .replaceAll(/^( +)\/\*\*\n +\* (.*)\n +\*\/\n/gm, '$1/** $2 */\n')
    .replaceAll(/^ +headers: \{\n +\[name: string\]: unknown;\n +\};\n/gm, '')
    .replaceAll(/components\["schemas"\]\["(\w+)"\]/g, '$1')
    .replaceAll('@description ', '')
    .replaceAll(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 4));
}
