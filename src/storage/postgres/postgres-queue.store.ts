import { MOST_RETRIES_COUNTED, type QueueStore, type QueueSurvey } from '../../queue/queue.store.js';
import type { PostgresDatabase } from './postgres-database.js';
import { statement, type Statement } from './statement.js';

interface SurveyRow {
  readonly paused_at: number | null;
  readonly slot_taken_ms_ago: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly retries: number;
  readonly in_flight: number;
}

/** The queue as a whole, in PostgreSQL. */
export class PostgresQueueStore implements QueueStore {
  private readonly selectSurvey: Statement;
  private readonly setPaused: Statement;
  private readonly setOpen: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
  ) {
    this.selectSurvey = statement(`
      SELECT paused_at, ${schema}.store_now() - slot_taken_time AS slot_taken_ms_ago, waiting.*,
             (SELECT count(*) FROM (SELECT FROM ${schema}.retry LIMIT ${String(MOST_RETRIES_COUNTED)}) AS counted) AS retries,
             (SELECT coalesce(sum(size), 0)::bigint FROM ${schema}.dispatch JOIN ${schema}.dispatch_part USING (dispatch_no)
              WHERE ended_at IS NULL) AS in_flight
      FROM ${schema}.gate CROSS JOIN (
        SELECT sum(high)::bigint AS high, sum(medium)::bigint AS medium, sum(low)::bigint AS low
        FROM ${schema}.waiting_total
      ) AS waiting
    `);
    // Whoever claims at the same moment has read another turn, and finds the gate paused when he reads again.
    this.setPaused = statement(`
      UPDATE ${schema}.gate SET turn = turn + 1, paused_at = coalesce(paused_at, round(${schema}.store_now()))
      WHERE gate_no = 1
    `);
    this.setOpen = statement(`UPDATE ${schema}.gate SET paused_at = NULL WHERE gate_no = 1`);
  }

  async survey(): Promise<QueueSurvey> {
    const [row] = (await this.database.read(this.selectSurvey)) as unknown as SurveyRow[];
    if (row === undefined) {
      throw new Error('the gate has no row');
    }
    return {
      pausedAtMs: row.paused_at,
      waiting: { HIGH: row.high, MEDIUM: row.medium, LOW: row.low },
      retriesWaiting: row.retries,
      inFlight: row.in_flight,
      slotTakenMsAgo: row.slot_taken_ms_ago,
    };
  }

  async pause(): Promise<void> {
    await this.database.write(this.setPaused);
  }

  async resume(): Promise<void> {
    await this.database.write(this.setOpen);
  }
}
