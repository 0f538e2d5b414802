import { parseMediaType, UTF8 } from '../../../platform/http/media-type.js';
import { ProblemDetailsError } from '../../../platform/http/problem-details.js';
import { CsvReader } from '../csv-id-parser.js';
import { NDJSON, PLAIN } from '../line-formats.js';
import { LineReader } from '../line-id-parser.js';
import type { ListReader } from '../id-stream-parser.js';

const READERS: Readonly<Record<string, (column?: string) => ListReader>> = {
  'text/csv': (column) => new CsvReader(column),
  'text/plain': () => new LineReader(PLAIN),
  'application/x-ndjson': () => new LineReader(NDJSON),
};

/**
 * Who reads a list of this Content-Type.
 * @throws ProblemDetailsError 415 for any other type or a charset other than UTF-8, 400 for a column where there is none.
 */
export function readerOf(contentType: string, column: string | undefined): ListReader {
  const { name: mediaType = '', charset = null } = parseMediaType(contentType) ?? {};
  const isText = charset === null || charset === 'us-ascii' || UTF8.has(charset);
  const makeReader = Object.hasOwn(READERS, mediaType) ? READERS[mediaType] : undefined;
  if (makeReader === undefined || !isText) {
    throw new ProblemDetailsError(
      415,
      `Content-Type must be one of ${Object.keys(READERS).join(', ')}, in UTF-8`,
    );
  }
  if (column !== undefined && mediaType !== 'text/csv') {
    throw ProblemDetailsError.ofFields(400, [{ field: 'column', message: 'is for text/csv alone' }]);
  }
  return makeReader(column);
}
