import type {
  LaneSettingsRepository,
  LaneWrite,
  ReplicaBases,
  StoredLane,
  WrittenLane,
} from '../../../scheduler/settings/lane-settings.repository.js';
import { assertLaneRow } from '../../shared/rows/lane-row.js';
import { toStoredLane, type LaneSettingsRow } from '../../shared/rows/lane-settings-row.js';
import { insertAudit, toAuditValue } from '../audit/audit-log.js';
import type { PostgresDatabase } from '../database/database.js';
import type { LaneIds } from '../database/lane-ids.js';
import { statement, type Row, type Statement } from '../database/statement.js';
import { seedDepartures } from '../queue/departures.js';
import { NEXT_EPOCH } from '../queue/claim-epoch.js';

/** Stores the settings of lanes in PostgreSQL. */
export class PostgresLaneSettings implements LaneSettingsRepository {
  private readonly selectAll: Statement<LaneSettingsRow>;
  private readonly selectOne: Statement<LaneSettingsRow>;
  private readonly selectVersions: Statement<Pick<LaneSettingsRow, 'lane' | 'settings_version'>>;
  private readonly change: Statement;
  private readonly seed: Statement;
  private readonly announce: Statement;
  private readonly readGranted: Statement;
  private readonly upsertReplica: Statement;
  private readonly selectOthers: Statement<{ bases: string }>;
  private readonly deleteReplica: Statement;

  constructor(
    private readonly database: PostgresDatabase,
    schema: string,
    private readonly laneIds: LaneIds,
  ) {
    const select = `SELECT lane, settings_version, settings FROM ${schema}.gate LEFT JOIN ${schema}.lane_settings USING (lane_no)`;
    this.selectAll = statement(select);
    this.selectOne = statement(`${select} WHERE lane_no = $1::int`);
    this.selectVersions = statement(
      `SELECT lane, settings_version FROM ${schema}.gate WHERE settings_version > 0`,
    );
    // The next claim says again with which batch size the slot was taken. The last slot was taken by other settings.
    this.change = statement(`
      WITH mine AS (
        UPDATE ${schema}.gate SET turn = ${NEXT_EPOCH}, settings_version = settings_version + 1, slot_batch_size = 0,
          slot_delay_ms = CASE WHEN $3::bool THEN 0 ELSE slot_delay_ms END,
          logged_dispatch_no = CASE WHEN $6::bool THEN -1 ELSE logged_dispatch_no END
        WHERE lane_no = $1::int AND settings_version = $2::bigint
        RETURNING lane_no, settings_version
      ),
      written AS (
        INSERT INTO ${schema}.lane_settings (lane_no, settings) SELECT lane_no, $4::text FROM mine
        ON CONFLICT (lane_no) DO UPDATE SET settings = excluded.settings
      ),
      audited AS (${insertAudit(schema, '$5', { source: 'SELECT FROM mine' })})
      SELECT settings_version FROM mine
    `);
    this.seed = statement(seedDepartures(schema));
    // The function ingest() takes lists for the lanes that are in here.
    this.announce = statement(`
      UPDATE ${schema}.intake_settings
      SET lanes = array_remove(lanes, $1::text) || CASE WHEN $2::bool THEN ARRAY[$1::text] ELSE '{}'::text[] END
      WHERE $2::bool <> ($1::text = ANY (lanes))
    `);
    // A statement of its own: the one before waits for a claim that is in flight, and this one sees what that claim wrote.
    // The departure counts as the last slot, because a lane with a delay in place of limits measures from there. -1: the log
    // ends here, and the claim that was in flight is the last one in it.
    this.readGranted = statement(`
      UPDATE ${schema}.gate SET slot_taken_time = greatest(slot_taken_time, (
        SELECT departs_us / 1000.0 FROM ${schema}.departure WHERE lane_no = $1::int ORDER BY departure_no DESC LIMIT 1
      )), logged_dispatch_no = CASE WHEN logged_dispatch_no < 0 THEN coalesce((
        SELECT max(dispatch_no) FROM ${schema}.dispatch WHERE lane_no = $1::int
      ), 0) ELSE logged_dispatch_no END
      WHERE lane_no = $1::int RETURNING slot_taken_time - ${schema}.store_now() AS granted_for_ms
    `);
    this.upsertReplica = statement(`
      WITH gone AS (
        DELETE FROM ${schema}.replica
        WHERE replica_id <> $1::uuid AND seen_time < (SELECT ${schema}.store_now()) - $3::float8
      )
      INSERT INTO ${schema}.replica (replica_id, seen_time, bases) VALUES ($1::uuid, ${schema}.store_now(), $2::text)
      ON CONFLICT (replica_id) DO UPDATE SET seen_time = excluded.seen_time, bases = excluded.bases
    `);
    this.selectOthers = statement(`
      SELECT bases FROM ${schema}.replica
      WHERE replica_id <> $1::uuid AND seen_time >= (SELECT ${schema}.store_now()) - $2::float8
    `);
    this.deleteReplica = statement(`DELETE FROM ${schema}.replica WHERE replica_id = $1::uuid`);
  }

  async meet(replicaId: string, bases: ReplicaBases, timeoutMs: number): Promise<readonly ReplicaBases[]> {
    await this.database.write(this.upsertReplica, [replicaId, JSON.stringify(bases), timeoutMs]);
    const others = await this.database.read(this.selectOthers, [replicaId, timeoutMs]);
    return others.map((row) => JSON.parse(row.bases) as ReplicaBases);
  }

  async leave(replicaId: string): Promise<void> {
    await this.database.write(this.deleteReplica, [replicaId]);
  }

  async readAll(): Promise<readonly StoredLane[]> {
    return (await this.database.read(this.selectAll)).map(toStoredLane);
  }

  async read(lane: string): Promise<StoredLane> {
    const { laneNo } = await this.laneIds.find(lane);
    const [row] = await this.database.read(this.selectOne, [laneNo]);
    return toStoredLane(assertLaneRow(row, lane));
  }

  async readVersions(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.database.read(this.selectVersions);
    return new Map(rows.map(({ lane, settings_version: version }) => [lane, version]));
  }

  async write(writes: readonly LaneWrite[]): Promise<readonly (WrittenLane | null)[]> {
    const numbered = await Promise.all(
      writes.map(async (write, i) => ({ ...write, i, laneNo: (await this.laneIds.find(write.lane)).laneNo })),
    );
    numbered.sort((a, b) => a.laneNo - b.laneNo); // in the order of their gates, so that they cannot deadlock
    const results = await this.database.writeAll(
      numbered.flatMap(({ laneNo, version, document, forgetsDelay, audit, seed, endsLog = false }) => [
        {
          statement: this.change,
          values: [laneNo, version, forgetsDelay, JSON.stringify(document), toAuditValue(audit), endsLog],
        },
        { statement: this.readGranted, values: [laneNo] },
        seed === undefined || seed === null
          ? { statement: this.seed, values: [0, 0, false, 0, 0] } // adds nothing: there is no lane 0
          : {
              statement: this.seed,
              values: [laneNo, version, seed.isPerId, seed.withinMs, seed.leavesWithinMs],
            },
      ]),
    );
    const written = new Array<WrittenLane | null>(writes.length).fill(null);
    for (const [place, { i, lane, document }] of numbered.entries()) {
      written[i] = toWritten(results[3 * place] ?? [], results[3 * place + 1] ?? []);
      if (written[i] !== null && document.made !== undefined) {
        await this.database.write(this.announce, [lane, document.made.state === 'active']);
      }
    }
    return written;
  }
}

function toWritten([changed]: readonly Row[], [granted]: readonly Row[]): WrittenLane | null {
  return changed === undefined
    ? null
    : {
        version: Number(changed['settings_version']),
        grantedForMs: Number(granted?.['granted_for_ms'] ?? 0),
      };
}
