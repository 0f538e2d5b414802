import { StoreOpenError } from '../../domain/store-errors.js';
import { INGESTION_SUMS, type CopySource } from './source.js';
import { COPIED_TABLES, type Columns, type CopiedTable } from './tables.js';
import type { CopyState, CopyTarget } from './target.js';

export interface CopyProgress {
  readonly table: string;
  readonly rows: number;
  readonly ofRows: number;
}

export interface CopyReport {
  readonly kind: 'moved' | 'moved before';
  readonly ingestions: number;
  readonly ids: number;
  /** Number of these ids that have no outcome yet. */
  readonly idsToGo: number;
  readonly deadLetters: number;
}

/**
 * Copies an embedded store into an empty PostgreSQL schema and counts both sides before the copy is marked complete. An
 * interrupted copy resumes; a complete copy changes nothing.
 * @throws StoreOpenError where the schema holds other data, or the source has changed since the copy started
 */
export async function copyStore(
  source: CopySource,
  target: CopyTarget,
  onProgress: (progress: CopyProgress) => void,
): Promise<CopyReport> {
  const state = await startOrResume(source, target);
  if (!state.hasEnded) {
    await copyTables(source, target, state, onProgress);
    const shiftMs = state.targetTime - state.sourceTime;
    await target.end({ gates: source.gates(), shiftMs, lastNumbers: source.lastNumbers() }, () =>
      verify(source, target, state.sourceTime),
    );
  }
  const ids = source.sumOfIngestions('total');
  return {
    kind: state.hasEnded ? 'moved before' : 'moved',
    ingestions: source.sumOfIngestions('1'),
    ids,
    idsToGo: ids - source.sumOfIngestions('completed + failed + cancelled'),
    deadLetters: source.sumOfIngestions('failed'),
  };
}

async function startOrResume(source: CopySource, target: CopyTarget): Promise<CopyState> {
  const fingerprint = source.fingerprint();
  if ((await target.state()) === null) {
    await target.begin(fingerprint, source.nowMs());
  }
  const state = await target.state();
  if (state?.source !== fingerprint) {
    throw new StoreOpenError(
      `${target.description} is the copy of another store, or ${source.path} has gone on since: name a schema that is empty`,
    );
  }
  return state;
}

async function copyTables(
  source: CopySource,
  target: CopyTarget,
  state: CopyState,
  onProgress: (progress: CopyProgress) => void,
): Promise<void> {
  const shiftMs = state.targetTime - state.sourceTime;
  let [rows, lastKey] = [state.rows, state.lastKey];
  for (const [tables, table] of [...COPIED_TABLES.entries()].slice(state.tables)) {
    const columns = await columnsToCopy(source, target, table);
    const ofRows = source.count(table, state.sourceTime);
    for (;;) {
      onProgress({ table: table.name, rows, ofRows });
      const next = source.rowsAfter(table, columns, lastKey, state.sourceTime);
      if (next.rows.length === 0) {
        break;
      }
      await target.insert(table, columns, next.rows, { done: rows, lastKey: next.lastKey, shiftMs });
      rows += next.rows.length;
      ({ lastKey } = next);
    }
    await target.endTable(tables);
    [rows, lastKey] = [0, null];
  }
}

/**
 * Returns the columns of a table, which both schemas must have: nothing is left behind.
 * @throws Error where they differ, which is a defect of the migrations or of {@link COPIED_TABLES}
 */
async function columnsToCopy(
  source: CopySource,
  target: CopyTarget,
  { name, notCopied = [] }: CopiedTable,
): Promise<Columns> {
  const there = source.columnsOf(name).filter((column) => !notCopied.includes(column));
  const columns = await target.columnsOf(name);
  const differing = new Set(there).symmetricDifference(new Set(Object.keys(columns)));
  if (differing.size > 0) {
    throw new Error(`only one of the stores has these columns of ${name}: ${[...differing].join(', ')}`);
  }
  return columns;
}

async function verify(source: CopySource, target: CopyTarget, sourceTime: number): Promise<void> {
  const faults: string[] = [];
  const compare = (what: string, there: number, here: number): void => {
    if (there !== here) {
      faults.push(`${what}: ${String(there)} there, ${String(here)} here`);
    }
  };
  for (const table of COPIED_TABLES) {
    compare(`rows of ${table.name}`, source.count(table, sourceTime), await target.count(table));
  }
  for (const column of INGESTION_SUMS) {
    compare(`sum of ${column}`, source.sumOfIngestions(column), await target.sumOfIngestions(column));
  }
  if (faults.length > 0) {
    throw new StoreOpenError(`the copy is incomplete and is not used: ${faults.join('; ')}`);
  }
}
