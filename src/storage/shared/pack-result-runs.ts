import { packResults, type ResultChunk } from '../../domain/result-chunk.js';
import { splitIntoRuns } from './runs.js';

/** The results of consecutive ids of an ingestion, from position `first` on; undefined for one that is not stored. */
export interface ResultRun {
  readonly seq: number;
  readonly first: number;
  readonly results: readonly (string | null | undefined)[];
}

/** Packs results. Those of neighbouring ids share a chunk, whichever dispatch they belong to. */
export function packResultRuns(runs: readonly ResultRun[]): (ResultChunk & { readonly seq: number })[] {
  const sorted = runs.toSorted((a, b) => a.seq - b.seq || a.first - b.first);
  return splitIntoRuns(sorted, isNeighbour).flatMap((neighbours) => {
    const { seq, first } = neighbours[0] ?? { seq: 0, first: 0 };
    const results = neighbours.flatMap((run) => run.results);
    return packResults(first, results).map((chunk) => ({ seq, ...chunk }));
  });
}

function isNeighbour(run: ResultRun, previous: ResultRun): boolean {
  return run.seq === previous.seq && run.first === previous.first + previous.results.length;
}
