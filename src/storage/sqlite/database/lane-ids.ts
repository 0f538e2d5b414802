import type { SqliteDatabase } from './database.js';
import type { PreparedStatement } from './prepared-statement.js';

interface GateRow {
  readonly lane: string;
  readonly lane_no: number;
}

/** Maps lanes to the numbers under which the store saves them. The first use of a lane inserts its row. */
export class LaneIds {
  private readonly numbers: Map<string, number>;
  private readonly insert: PreparedStatement<Pick<GateRow, 'lane_no'>>;

  constructor(private readonly database: SqliteDatabase) {
    const rows = database.prepare<GateRow>('SELECT lane, lane_no FROM gate').all();
    this.numbers = new Map(rows.map(({ lane, lane_no: laneNo }) => [lane, laneNo]));
    this.insert = database.prepare('INSERT INTO gate (lane) VALUES (?) RETURNING lane_no');
  }

  get names(): readonly string[] {
    return [...this.numbers.keys()];
  }

  /** May run a transaction of its own: do not call it for a new lane within another transaction. */
  toNumber(lane: string): number {
    const known = this.numbers.get(lane);
    if (known !== undefined) {
      return known;
    }
    const row = this.database.write(() => this.insert.get(lane));
    const number = Number(row?.lane_no);
    this.numbers.set(lane, number);
    return number;
  }
}
