/** Maximum number of ids in a chunk. No chunk crosses a multiple of it. */
export const IDS_PER_CHUNK = 500;

/** Target size of a chunk. The id that reaches this size is the last one of its chunk. */
export const BYTES_PER_CHUNK = 65_536;

/** Separates the results in a chunk. No JSON text contains this character. */
export const RESULT_SEPARATOR = '\x1e';

/** The upstream's results for consecutive ids, packed as stores save them. */
export interface ResultChunk {
  /** Position of the first id in the ingestion, from 0. */
  readonly first: number;
  readonly size: number;
  /** Size of `data` in UTF-8. */
  readonly bytes: number;
  /** The exact JSON of each id, separated by {@link RESULT_SEPARATOR}; empty for an id without a result. */
  readonly data: string;
}

/** Packs the results of the ids from position `first` on. An undefined result is not stored and ends a chunk. */
export function packResults(first: number, results: readonly (string | null | undefined)[]): ResultChunk[] {
  const chunks: ResultChunk[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const closeChunk = (end: number): void => {
    if (texts.length > 0) {
      const data = texts.join(RESULT_SEPARATOR);
      chunks.push({ first: end - texts.length, size: texts.length, bytes: bytes + texts.length - 1, data });
      texts = [];
      bytes = 0;
    }
  };
  results.forEach((result, i) => {
    const position = first + i;
    if (result === undefined || position % IDS_PER_CHUNK === 0 || bytes >= BYTES_PER_CHUNK) {
      closeChunk(position);
    }
    if (result !== undefined) {
      texts.push(result ?? '');
      bytes += Buffer.byteLength(result ?? '');
    }
  });
  closeChunk(first + results.length);
  return chunks;
}

/** Returns the lowest position at which the chunk that contains `position` may start. */
export function firstChunkContaining(position: number): number {
  return position - (position % IDS_PER_CHUNK);
}

/** Reverses {@link packResults} for one chunk. */
export function unpackResults({ data }: Pick<ResultChunk, 'data'>): (string | null)[] {
  return data.split(RESULT_SEPARATOR).map((text) => (text === '' ? null : text));
}
