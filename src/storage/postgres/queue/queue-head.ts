import type { OrderPolicy } from '../../../operations/live/live.repository.js';
import { selectNextIds, type Selection } from '../../../scheduler/queue/dispatch-order.js';
import { selectTurns, toTurnsHead, type TurnsHead } from './fair-share-cursor.js';
import type { PostgresDatabase } from '../database/database.js';
import type { GateRow } from './slot-schedule.js';
import type { Statement } from '../database/statement.js';
import { selectHead, toQueueHead, type QueueHead, type WaitingCandidate } from './pending-ids.js';

/** Lists of a client that are read at first, where clients take turns. */
const FIRST_DEPTH = 4;

type HeadTerms = OrderPolicy & { readonly batchSize: number };

interface Filled {
  readonly gate: GateRow;
  /** See `SERVER_STARTED`. */
  readonly serverStarted: number | null;
  readonly taken: Selection<WaitingCandidate>[];
}

/** Reads the gate of a lane and what goes next, of one moment. */
export class HeadReader {
  /** By how many ids are wanted, and how many lists of a client: a `LIMIT` that is a parameter would read the whole table. */
  private readonly selects = new Map<string, Statement>();

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly laneNo: number,
  ) {}

  async read(terms: HeadTerms): Promise<Filled> {
    if (terms.fairShare !== true) {
      return fill(await this.readInOrder(terms.batchSize), terms);
    }
    for (let depth = FIRST_DEPTH; ; depth *= 2) {
      const head = await this.readTurns(terms.batchSize, depth);
      const filled = fill(head, terms);
      if (depth >= terms.batchSize || !head.ranShort()) {
        return filled;
      }
    }
  }

  private async readInOrder(batchSize: number): Promise<QueueHead> {
    const select = this.select(String(batchSize), () => selectHead(this.schema, this.laneNo, batchSize));
    return toQueueHead(await this.database.read(select));
  }

  private async readTurns(batchSize: number, depth: number): Promise<TurnsHead> {
    const select = this.select(`${String(batchSize)} ${String(depth)}`, () =>
      selectTurns(this.schema, this.laneNo, batchSize, depth),
    );
    return toTurnsHead(await this.database.read(select), depth);
  }

  private select(key: string, make: () => Statement): Statement {
    const select = this.selects.get(key) ?? make();
    this.selects.set(key, select);
    return select;
  }
}

function fill({ gate, serverStarted, streams }: QueueHead, terms: HeadTerms): Filled {
  return { gate, serverStarted, taken: selectNextIds(streams, { ...terms, nowMs: gate.now }) };
}
