import { toArrayLiteral } from '../database/array-literal.js';
import type { GatheredReads } from '../database/gathered-reads.js';
import type { Row, Statement } from '../database/statement.js';
import { selectHeads, toVersionLiteral } from './pending-ids.js';

/** The head of one lane's queue. */
interface WantedHead {
  readonly laneNo: number;
  /** See `selectHeads`. */
  readonly maxIds: number;
  /** The version of the gate's row; null if it is not known. */
  readonly version: string | null;
}

/** A head that waits for others, with the ends of its wait. */
interface WaitingHead extends WantedHead {
  readonly resolve: (rows: Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the heads of lanes that are asked for at the same moment with one statement for all lanes that read alike. The
 * statement is the same for every lane, so a connection keeps a few plans, not some for each lane.
 */
export class GatheredHeads {
  /**
   * Statements by number of ids: with a parameter as `LIMIT` the plan would read the whole table.
   */
  private readonly statements = new Map<string, Statement>();
  private readonly waiting: WaitingHead[] = [];

  constructor(
    private readonly database: Pick<GatheredReads, 'read'>,
    private readonly schema: string,
  ) {}

  /** Returns the rows of one lane; none if its gate's row has another version. */
  read(head: WantedHead): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...head, resolve, reject });
      if (this.waiting.length === 1) {
        void this.sendSoon();
      }
    });
  }

  private async sendSoon(): Promise<void> {
    await Promise.resolve(); // heads of the same pass over the microtasks go together
    const groups = Map.groupBy(this.waiting.splice(0), (head) => this.statementOf(head));
    for (const [statement, heads] of groups) {
      void this.send(statement, heads);
    }
  }

  private async send(statement: Statement, heads: readonly WaitingHead[]): Promise<void> {
    const laneNos = toArrayLiteral(heads.map(({ laneNo }) => laneNo));
    const versions = heads.flatMap(({ version }) => (version === null ? [] : [toVersionLiteral(version)]));
    try {
      const rows = await this.database.read(statement, [
        laneNos,
        ...(versions.length === 0 ? [] : [toArrayLiteral(versions)]),
      ]);
      const byLane = Map.groupBy(rows, (row) => row['lane_no']);
      for (const { laneNo, resolve } of heads) {
        resolve(byLane.get(laneNo) ?? []);
      }
    } catch (error) {
      for (const { reject } of heads) {
        reject(error);
      }
    }
  }

  private statementOf({ maxIds, version }: WantedHead): Statement {
    const isVersionKnown = version !== null;
    const key = `${String(maxIds)} ${String(isVersionKnown)}`;
    const known = this.statements.get(key) ?? selectHeads(this.schema, maxIds, { isVersionKnown });
    this.statements.set(key, known);
    return known;
  }
}
