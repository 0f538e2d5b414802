import type {
  Amount,
  Departure,
  DeparturePlace,
  RulesQuestion,
  RulesReading,
} from '../../../scheduler/rules/departure-log.store.js';
import type { PostgresDatabase } from '../database/database.js';
import { statement, type Row, type Statement } from '../database/statement.js';
import { NEXT_EPOCH } from './claim-epoch.js';
import { appendDepartures, selectRules, toRulesReading } from './departures.js';
import { GATE_COLUMNS, isOpen } from './gate-row.js';

/** The rows of the log of departures of one lane, for calls that leave late or never. */
export class LaneDepartureRows {
  private readonly appendOne: Statement;
  private readonly raiseEpoch: Statement;
  private readonly lower: Statement;
  private readonly selectAges: Statement;
  private readonly selectUnitsPerId: Statement;
  private select: { readonly question: RulesQuestion; readonly statement: Statement } | null = null;

  constructor(
    private readonly database: PostgresDatabase,
    private readonly schema: string,
    private readonly laneNo: number,
  ) {
    const lane = String(laneNo);
    const parameters = {
      calls: '$2::bigint[]',
      ids: '$3::bigint[]',
      units: '$4::bigint[]',
      within: '$5::float8',
      laneNo: lane,
    };
    this.appendOne = statement(`
      WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now),
      mine AS (
        UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH} WHERE lane_no = ${lane} AND turn = $1::bigint AND ${isOpen(schema)}
        RETURNING turn
      ),
      ${appendDepartures(schema, parameters)}
      SELECT turn, departure_no FROM mine CROSS JOIN departed
    `);
    this.raiseEpoch = statement(`UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH} WHERE lane_no = ${lane}`);
    const passed = (total: string): string => `
      SELECT departs_us FROM ${schema}.departure AS entry
      WHERE lane_no = ${lane} AND entry.${total} >= last.${total} - place.back AND last.${total} > place.back
      ORDER BY entry.${total}, departure_no LIMIT 1`;
    this.selectAges = statement(`
      WITH clock AS MATERIALIZED (SELECT floor(${schema}.store_now() * 1000)::bigint AS now_us),
      last AS (
        SELECT calls, ids, units FROM ${schema}.departure WHERE lane_no = ${lane} ORDER BY departure_no DESC LIMIT 1
      )
      SELECT clock.now_us - CASE place.counts
               WHEN 'calls' THEN (${passed('calls')})
               WHEN 'ids' THEN (${passed('ids')})
               WHEN 'units' THEN (${passed('units')})
             END AS age_us
      FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS place (counts, back, position)
      CROSS JOIN clock LEFT JOIN last ON true
      ORDER BY position
    `);
    this.selectUnitsPerId = statement(`
      SELECT units::float8 / ids AS units FROM ${schema}.departure
      WHERE lane_no = ${lane} AND ids > 0 ORDER BY departure_no DESC LIMIT 1
    `);
    this.lower = statement(`
      UPDATE ${schema}.departure SET calls = calls - $3::bigint, ids = ids - $4::bigint, units = units - $5::bigint
      WHERE lane_no = ${lane} AND departure_no >= $1::bigint AND EXISTS (
        SELECT FROM ${schema}.departure AS own
        WHERE own.lane_no = ${lane} AND own.departure_no = $1::bigint AND own.epoch = $2::bigint
      )
    `);
  }

  /** Returns the age of the departure at each place, in microseconds. */
  async agesOf(places: readonly DeparturePlace[]): Promise<(number | null)[]> {
    const values = [places.map(({ counts }) => counts), places.map(({ back }) => back)];
    const rows = await this.database.read(this.selectAges, values);
    return rows.map(({ age_us: ageUs }) => (ageUs === null ? null : Number(ageUs)));
  }

  /** Returns the mean units of the ids in the log; 1 if it has counted none. */
  async unitsPerId(): Promise<number> {
    const [row] = await this.database.read(this.selectUnitsPerId);
    return row === undefined ? 1 : Number(row['units']);
  }

  /** Reads the lane's row with the column `rules`. */
  async read(question: RulesQuestion): Promise<Row[]> {
    if (this.select?.question !== question) {
      const { schema, laneNo } = this;
      const text = `
        WITH clock AS MATERIALIZED (SELECT ${schema}.store_now() AS now)
        SELECT ${GATE_COLUMNS}, clock.now, ${selectRules(schema, laneNo, question)}
        FROM clock CROSS JOIN ${schema}.gate WHERE lane_no = ${String(laneNo)}
      `;
      this.select = { question, statement: statement(text) };
    }
    return this.database.read(this.select.statement);
  }

  /** Returns the answer in the rows of {@link read}. */
  toReading(rows: readonly Row[]): RulesReading {
    const rules = toRulesReading(rows);
    if (rules === null) {
      throw new Error('the rules of the lane were not read');
    }
    return rules;
  }

  async append(
    epoch: number,
    { calls, ids, units }: Amount,
    leavesWithinMs: number,
  ): Promise<Departure | null> {
    const [row] = await this.database.write(this.appendOne, [epoch, [calls], [ids], [units], leavesWithinMs]);
    return row === undefined
      ? null
      : { departureNo: Number(row['departure_no']), epoch: Number(row['turn']) };
  }

  /**
   * The first statement waits for a claim that is in flight; the second one then sees the departures of that claim too, and
   * lowers their totals.
   */
  async giveBack({ departureNo, epoch }: Departure, { calls, ids, units }: Amount): Promise<void> {
    await this.database.writeAll([
      { statement: this.raiseEpoch, values: [] },
      { statement: this.lower, values: [departureNo, epoch, calls, ids, units] },
    ]);
  }
}
