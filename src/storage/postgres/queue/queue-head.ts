import { selectFairShare, toFairShareHead } from './fair-share-cursor.js';
import type { RulesQuestion } from '../../../scheduler/rules/departure-log.store.js';
import type { GatheredReads } from '../database/gathered-reads.js';
import type { Row, Statement } from '../database/statement.js';
import { selectHead, toHeadRows, type HeadRows } from './pending-ids.js';

/** The part of a `HeadRequest` that selects the rows. */
interface RowRequest {
  readonly maxIds: number;
  readonly listsPerClient: number | null;
  readonly rules: RulesQuestion | null;
}

/** Reads the lane's row and the head of its queue at the same moment. */
export class QueueHeadReader {
  /**
   * Statements by number of ids and of ingestions per client: with a parameter as `LIMIT` the plan would read the whole
   * table.
   */
  private readonly selects = new Map<string, Statement>();
  /** The version of the gate's row that this process wrote last; null once another one has changed it. */
  private ownVersion: string | null = null;
  /** The question of the last read, and its part of the statements. */
  private rules: RulesQuestion | null = null;

  constructor(
    private readonly database: Pick<GatheredReads, 'read'>,
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
    const rows = this.ownVersion === null ? [] : await this.readVersion(maxIds, this.ownVersion);
    if (rows.length > 0) {
      return toHeadRows(rows);
    }
    this.ownVersion = null;
    const select = this.select(String(maxIds), () =>
      selectHead(this.schema, this.laneNo, maxIds, { rules: this.rules }),
    );
    return toHeadRows(await this.database.read(select));
  }

  private readVersion(maxIds: number, version: string): Promise<Row[]> {
    const select = this.select(`${String(maxIds)} of a version`, () =>
      selectHead(this.schema, this.laneNo, maxIds, { isVersionKnown: true, rules: this.rules }),
    );
    return this.database.read(select, [version]);
  }

  private async readFairShare(maxIds: number, listsPerClient: number): Promise<HeadRows> {
    const select = this.select(`${String(maxIds)} ${String(listsPerClient)}`, () =>
      selectFairShare(this.schema, this.laneNo, maxIds, listsPerClient, this.rules),
    );
    return toFairShareHead(await this.database.read(select), listsPerClient);
  }

  private select(key: string, make: () => Statement): Statement {
    const select = this.selects.get(key) ?? make();
    this.selects.set(key, select);
    return select;
  }
}
