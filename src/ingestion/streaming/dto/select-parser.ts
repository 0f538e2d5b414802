import { parseMediaType, UTF8 } from '../../../platform/http/media-type.js';
import { ProblemDetailsError } from '../../../platform/http/problem-details.js';
import { CsvIdParser } from '../csv-id-parser.js';
import { NDJSON_FORMAT, TEXT_FORMAT } from '../line-formats.js';
import { LineIdParser } from '../line-id-parser.js';
import type { IdStreamParser } from '../id-stream-parser.js';

const PARSERS: Readonly<Record<string, (column?: string) => IdStreamParser>> = {
  'text/csv': (column) => new CsvIdParser(column),
  'text/plain': () => new LineIdParser(TEXT_FORMAT),
  'application/x-ndjson': () => new LineIdParser(NDJSON_FORMAT),
};

/**
 * Selects the parser for a Content-Type.
 * @throws ProblemDetailsError 415 where the type is not supported or the charset is not UTF-8, 400 where a column is
 * given for a type without columns
 */
export function parserFor(contentType: string, column: string | undefined): IdStreamParser {
  const { name: mediaType = '', charset = null } = parseMediaType(contentType) ?? {};
  const isText = charset === null || charset === 'us-ascii' || UTF8.has(charset);
  const makeReader = Object.hasOwn(PARSERS, mediaType) ? PARSERS[mediaType] : undefined;
  if (makeReader === undefined || !isText) {
    throw new ProblemDetailsError(
      415,
      `Content-Type must be one of ${Object.keys(PARSERS).join(', ')}, in UTF-8`,
    );
  }
  if (column !== undefined && mediaType !== 'text/csv') {
    throw ProblemDetailsError.ofFields(400, [{ field: 'column', message: 'is only for text/csv' }]);
  }
  return makeReader(column);
}
