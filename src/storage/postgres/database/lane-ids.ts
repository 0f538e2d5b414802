import { DEFAULT_LANE } from '../../../domain/lane.js';
import type { PostgresDatabase } from './database.js';
import { statement, type Statement } from './statement.js';

/** A lane and the number under which the store saves it. */
export interface LaneId {
  readonly name: string;
  readonly laneNo: number;
}

const DEFAULT_LANE_NO = 1;

/** Maps lanes to their numbers. The first use of a lane inserts its row. */
export class LaneIds {
  private readonly known = new Map<string, LaneId>([
    [DEFAULT_LANE, { name: DEFAULT_LANE, laneNo: DEFAULT_LANE_NO }],
  ]);
  private readonly select: Statement;
  private readonly insert: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    this.select = statement(`SELECT lane_no FROM ${schema}.gate WHERE lane = $1`);
    this.insert = statement(`INSERT INTO ${schema}.gate (lane) VALUES ($1) ON CONFLICT (lane) DO NOTHING`);
  }

  async find(name: string): Promise<LaneId> {
    const laneId = this.known.get(name) ?? {
      name,
      laneNo: (await this.read(name)) ?? (await this.add(name)),
    };
    this.known.set(name, laneId);
    return laneId;
  }

  private async add(name: string): Promise<number> {
    await this.database.write(this.insert, [name]);
    const laneNo = await this.read(name);
    if (laneNo === null) {
      throw new Error(`lane ${name} was not stored`);
    }
    return laneNo;
  }

  private async read(name: string): Promise<number | null> {
    const [row] = await this.database.read(this.select, [name]);
    return row === undefined ? null : Number(row['lane_no']);
  }
}
