import { selectFairShare, toFairShareHead } from './fair-share-cursor.js';
import type { RulesQuestion } from '../../../scheduler/rules/departure-log.store.js';
import type { GatheredReads } from '../database/gathered-reads.js';
import type { Row, Statement } from '../database/statement.js';
import type { GatheredHeads } from './gathered-heads.js';
import { selectHeads, toHeadRows, type HeadRows } from './pending-ids.js';

/** The part of a `HeadRequest` that selects the rows. */
interface RowRequest {
  readonly maxIds: number;
  readonly listsPerClient: number | null;
  readonly rules: RulesQuestion | null;
}

/** The two ways in which a lane reads its head. */
export interface HeadSources {
  /** With one statement for many lanes. */
  readonly heads: Pick<GatheredHeads, 'read'>;
  /** With a statement of its own, which a lane with rules or fair share needs. */
  readonly reads: Pick<GatheredReads, 'read'>;
}

/** Reads the lane's row and the head of its queue at the same moment. */
export class QueueHeadReader {
  /** The statements of this lane, with rules or fair share, by number of ids and of ingestions per client. */
  private readonly selects = new Map<string, Statement>();
  /** The version of the gate's row that this process wrote last; null once another one has changed it. */
  private ownVersion: string | null = null;
  /** The question of the last read, and its part of the statements. */
  private rules: RulesQuestion | null = null;

  constructor(
    private readonly sources: HeadSources,
    private readonly schema: string,
    private readonly laneNo: number,
  ) {}

  /** Records the version of the gate's row that this process wrote: the next read finds it without passing dead ones. */
  recordOwnVersion(version: string): void {
    this.ownVersion = version;
  }

  async read({ maxIds, listsPerClient, rules }: RowRequest): Promise<HeadRows> {
    if (rules !== this.rules) {
      this.rules = rules;
      this.selects.clear();
    }
    return listsPerClient === null ? this.readInOrder(maxIds) : this.readFairShare(maxIds, listsPerClient);
  }

  private async readInOrder(maxIds: number): Promise<HeadRows> {
    const rows = this.ownVersion === null ? [] : await this.readRows(maxIds, this.ownVersion);
    if (rows.length > 0) {
      return toHeadRows(rows);
    }
    this.ownVersion = null;
    return toHeadRows(await this.readRows(maxIds, null));
  }

  private readRows(maxIds: number, version: string | null): Promise<Row[]> {
    const { laneNo, rules } = this;
    if (rules === null) {
      return this.sources.heads.read({ laneNo, maxIds, version });
    }
    const isVersionKnown = version !== null;
    const select = this.select(`${String(maxIds)} ${String(isVersionKnown)}`, () =>
      selectHeads(this.schema, maxIds, { isVersionKnown, rules: { laneNo, question: rules } }),
    );
    return this.sources.reads.read(select, [[laneNo], ...(isVersionKnown ? [[version]] : [])]);
  }

  private async readFairShare(maxIds: number, listsPerClient: number): Promise<HeadRows> {
    const select = this.select(`${String(maxIds)} ${String(listsPerClient)}`, () =>
      selectFairShare(this.schema, this.laneNo, maxIds, listsPerClient, this.rules),
    );
    return toFairShareHead(await this.sources.reads.read(select), listsPerClient);
  }

  private select(key: string, make: () => Statement): Statement {
    const select = this.selects.get(key) ?? make();
    this.selects.set(key, select);
    return select;
  }
}
