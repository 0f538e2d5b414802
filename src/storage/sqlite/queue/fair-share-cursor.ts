import type { PriorityRank } from '../../../domain/priority.js';
import type { LastServed } from '../../../scheduler/queue/queue.repository.js';
import type { CandidateRow } from '../../shared/rows/candidate-row.js';
import type { SqliteDatabase } from '../database/database.js';
import type { PreparedStatement } from '../database/prepared-statement.js';

const NAME = `coalesce(client, '')`;
const WAITS = 'taken < total AND cancelled_at IS NULL';
const COLUMNS = ['served_high', 'served_medium', 'served_low'] as const;

type ServedRow = Readonly<Record<(typeof COLUMNS)[PriorityRank], string | null>>;

interface ClientRow {
  readonly name: string;
}

/** Creates or drops the index, so that only services that use fair share pay for it. */
export function ensureFairShareIndex(database: SqliteDatabase, isUsed: boolean): void {
  const change = database.prepare(
    isUsed
      ? `CREATE INDEX IF NOT EXISTS ingestion_in_turn ON ingestion (lane_no, rank, ${NAME}) WHERE ${WAITS}`
      : 'DROP INDEX IF EXISTS ingestion_in_turn',
  );
  database.write(() => change.run());
}

/** Finds clients with pending ids, and their ingestions, by one index seek each. */
export class FairShareCursor {
  private readonly selectServed: PreparedStatement<ServedRow>;
  private readonly selectNext: PreparedStatement<ClientRow>;
  private readonly selectFirst: PreparedStatement<ClientRow>;
  private readonly selectList: PreparedStatement<CandidateRow>;
  private readonly setServed: PreparedStatement;

  constructor(database: SqliteDatabase) {
    const ofRank = `lane_no = :laneNo AND rank = :rank AND ${WAITS}`;
    this.selectServed = database.prepare(`SELECT ${COLUMNS.join(', ')} FROM gate WHERE lane_no = ?`);
    this.selectNext = database.prepare(
      `SELECT ${NAME} AS name FROM ingestion WHERE ${ofRank} AND ${NAME} > :name ORDER BY ${NAME} LIMIT 1`,
    );
    this.selectFirst = database.prepare(
      `SELECT ${NAME} AS name FROM ingestion WHERE ${ofRank} ORDER BY ${NAME} LIMIT 1`,
    );
    this.selectList = database.prepare(`
      SELECT seq, taken AS first, total - taken AS size, batches AS batch_no,
             0 AS failures, accepted_time AS waiting_since, client, units
      FROM ingestion WHERE ${ofRank} AND ${NAME} = :name AND seq > :seq ORDER BY seq LIMIT 1
    `);
    this.setServed = database.prepare(
      `UPDATE gate SET ${COLUMNS.map((column) => `${column} = coalesce(?, ${column})`).join(', ')} WHERE lane_no = ?`,
    );
  }

  /** Yields the ingestions of each client, starting with the client that is next in turn. */
  *clients(laneNo: number, rank: PriorityRank): Generator<Iterable<CandidateRow>, undefined> {
    const last = this.selectServed.get(laneNo)?.[COLUMNS[rank]] ?? '';
    let name = this.selectNext.get({ laneNo, rank, name: last })?.name;
    while (name !== undefined) {
      yield this.lists(laneNo, rank, name);
      name = this.selectNext.get({ laneNo, rank, name })?.name;
    }
    name = this.selectFirst.get({ laneNo, rank })?.name;
    while (name !== undefined && name <= last) {
      yield this.lists(laneNo, rank, name);
      name = this.selectNext.get({ laneNo, rank, name })?.name;
    }
    return undefined;
  }

  /** Records the clients served last. It is part of the claim's transaction. */
  served(laneNo: number, last: LastServed): void {
    this.setServed.run(last[0] ?? null, last[1] ?? null, last[2] ?? null, laneNo);
  }

  private *lists(laneNo: number, rank: PriorityRank, name: string): Generator<CandidateRow, undefined> {
    let row = this.selectList.get({ laneNo, rank, name, seq: 0 });
    while (row !== undefined) {
      yield row;
      row = this.selectList.get({ laneNo, rank, name, seq: row.seq });
    }
    return undefined;
  }
}
