import type { OrderPolicy } from '../../../operations/queue-admin/queue-admin.repository.js';
import { selectNextIds, type Selection } from '../../../scheduler/queue/dispatch-order.js';
import { selectFairShare, toFairShareHead, type FairShareHead } from './fair-share-cursor.js';
import type { PostgresDatabase } from '../database/database.js';
import type { GateRow } from './slot-schedule.js';
import type { Row, Statement } from '../database/statement.js';
import { selectHead, toQueueHead, type QueueHead, type PendingCandidate } from './pending-ids.js';

/** Number of ingestions per client that the first read covers with fair share. */
const INITIAL_DEPTH = 4;

type HeadOptions = OrderPolicy & { readonly batchSize: number };

interface Filled {
  readonly gate: GateRow;
  /** The server that was read, see `SERVER_STARTED`. */
  readonly serverStarted: number | null;
  readonly taken: Selection<PendingCandidate>[];
}

/** Reads the lane's row and selects the next ids, at the same moment. */
export class QueueHeadReader {
  /**
   * Statements by batch size and by number of ingestions per client: with a parameter as `LIMIT` the plan would read
   * the whole table.
   */
  private readonly selects = new Map<string, Statement>();
  /** The version of the gate's row that this process wrote last; null once another one has changed it. */
  private ownVersion: string | null = null;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly laneNo: number,
  ) {}

  /** This process wrote the gate's row: the next read finds it at this version without passing dead ones. */
  wrote(version: string): void {
    this.ownVersion = version;
  }

  async read(terms: HeadOptions): Promise<Filled> {
    if (terms.fairShare !== true) {
      return select(await this.readInOrder(terms.batchSize), terms);
    }
    for (let depth = INITIAL_DEPTH; ; depth *= 2) {
      const head = await this.readFairShare(terms.batchSize, depth);
      const filled = select(head, terms);
      if (depth >= terms.batchSize || !head.isTruncated()) {
        return filled;
      }
    }
  }

  private async readInOrder(batchSize: number): Promise<QueueHead> {
    const rows = this.ownVersion === null ? [] : await this.readVersion(batchSize, this.ownVersion);
    if (rows.length > 0) {
      return toQueueHead(rows);
    }
    this.ownVersion = null;
    const select = this.select(String(batchSize), () => selectHead(this.schema, this.laneNo, batchSize));
    return toQueueHead(await this.database.read(select));
  }

  private readVersion(batchSize: number, version: string): Promise<Row[]> {
    const select = this.select(`${String(batchSize)} of a version`, () =>
      selectHead(this.schema, this.laneNo, batchSize, { isVersionKnown: true }),
    );
    return this.database.read(select, [version]);
  }

  private async readFairShare(batchSize: number, depth: number): Promise<FairShareHead> {
    const select = this.select(`${String(batchSize)} ${String(depth)}`, () =>
      selectFairShare(this.schema, this.laneNo, batchSize, depth),
    );
    return toFairShareHead(await this.database.read(select), depth);
  }

  private select(key: string, make: () => Statement): Statement {
    const select = this.selects.get(key) ?? make();
    this.selects.set(key, select);
    return select;
  }
}

function select({ gate, serverStarted, streams }: QueueHead, terms: HeadOptions): Filled {
  return { gate, serverStarted, taken: selectNextIds(streams, { ...terms, nowMs: gate.now }) };
}
