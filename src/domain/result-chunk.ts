/** Ids of a run at the most: a run begins and ends between two multiples of it. */
export const IDS_PER_CHUNK = 500;

/** A run that is longer holds one id alone, or ends with the id that made it so. */
export const BYTES_PER_CHUNK = 65_536;

/** Stands between the texts of a run: no JSON text holds this character. */
export const RESULT_SEPARATOR = '\x1e';

/** What the upstream answered to neighbours in a list, packed as stores keep it. */
export interface ResultChunk {
  /** Position of its first id, from 0. */
  readonly first: number;
  readonly size: number;
  /** UTF-8, of `data`. */
  readonly bytes: number;
  /** The exact JSON of each id, with {@link RESULT_SEPARATOR} between them; empty for an id without an answer. */
  readonly data: string;
}

/** Packs the answers to the ids from position `first` on. An undefined one is not kept; it ends a run. */
export function packResults(first: number, answers: readonly (string | null | undefined)[]): ResultChunk[] {
  const runs: ResultChunk[] = [];
  let texts: string[] = [];
  let bytes = 0;
  const endRun = (end: number): void => {
    if (texts.length > 0) {
      const data = texts.join(RESULT_SEPARATOR);
      runs.push({ first: end - texts.length, size: texts.length, bytes: bytes + texts.length - 1, data });
      texts = [];
      bytes = 0;
    }
  };
  answers.forEach((answer, i) => {
    const position = first + i;
    if (answer === undefined || position % IDS_PER_CHUNK === 0 || bytes >= BYTES_PER_CHUNK) {
      endRun(position);
    }
    if (answer !== undefined) {
      texts.push(answer ?? '');
      bytes += Buffer.byteLength(answer ?? '');
    }
  });
  endRun(first + answers.length);
  return runs;
}

/** Where the run begins, at the earliest, that may hold `position`. */
export function firstChunkContaining(position: number): number {
  return position - (position % IDS_PER_CHUNK);
}

/** The reverse of {@link packResults}, for one run. */
export function unpackResults({ data }: Pick<ResultChunk, 'data'>): (string | null)[] {
  return data.split(RESULT_SEPARATOR).map((text) => (text === '' ? null : text));
}
