import type {
  DepartureSeed,
  LaneSettingsRepository,
  LaneWrite,
  ReplicaBases,
  StoredLane,
  WrittenLane,
} from '../../../scheduler/settings/lane-settings.repository.js';
import { assertLaneRow } from '../../shared/rows/lane-row.js';
import { toStoredLane, type LaneSettingsRow } from '../../shared/rows/lane-settings-row.js';
import type { AuditLog } from '../audit/audit-log.js';
import type { SqliteDatabase } from '../database/database.js';
import type { LaneIds } from '../database/lane-ids.js';
import type { PreparedStatement } from '../database/prepared-statement.js';
import type { LaneGate } from '../queue/lane-gate.js';

/** Stores the settings of lanes in the embedded store. */
export class SqliteLaneSettings implements LaneSettingsRepository {
  private readonly selectAll: PreparedStatement<LaneSettingsRow>;
  private readonly selectOne: PreparedStatement<LaneSettingsRow>;
  private readonly raiseVersion: PreparedStatement<Pick<LaneSettingsRow, 'settings_version'>>;
  private readonly upsert: PreparedStatement;
  private readonly endLog: PreparedStatement;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly laneIds: LaneIds,
    private readonly auditLog: AuditLog,
    private readonly gateOf: (lane: string) => LaneGate,
    private readonly seedDepartures: (laneNo: number, seed: DepartureSeed) => void,
  ) {
    const select =
      'SELECT lane, settings_version, settings FROM gate LEFT JOIN lane_settings USING (lane_no)';
    this.selectAll = database.prepare(select);
    this.selectOne = database.prepare(`${select} WHERE lane_no = ?`);
    this.raiseVersion = database.prepare(`
      UPDATE gate SET settings_version = settings_version + 1,
        slot_delay_ms = CASE WHEN :forgetsDelay THEN 0 ELSE slot_delay_ms END
      WHERE lane_no = :laneNo AND settings_version = :version RETURNING settings_version
    `);
    this.upsert = database.prepare(`
      INSERT INTO lane_settings (lane_no, settings) VALUES (?, ?)
      ON CONFLICT (lane_no) DO UPDATE SET settings = excluded.settings
    `);
    this.endLog = database.prepare(`
      UPDATE gate SET logged_dispatch_no = coalesce((SELECT max(dispatch_no) FROM dispatch WHERE lane_no = :laneNo), 0)
      WHERE lane_no = :laneNo
    `);
  }

  async readAll(): Promise<readonly StoredLane[]> {
    return this.database.read(() => this.selectAll.all().map(toStoredLane));
  }

  async read(lane: string): Promise<StoredLane> {
    const laneNo = this.laneIds.toNumber(lane);
    return this.database.read(() => toStoredLane(assertLaneRow(this.selectOne.get(laneNo), lane)));
  }

  async readVersions(): Promise<ReadonlyMap<string, number>> {
    const lanes = await this.readAll();
    return new Map(lanes.filter(({ version }) => version > 0).map(({ lane, version }) => [lane, version]));
  }

  /** Calls of this process ask for the version right before they leave, so none is granted to leave later. */
  async write(writes: readonly LaneWrite[]): Promise<readonly (WrittenLane | null)[]> {
    const gates = writes.map(({ lane }) => this.gateOf(lane));
    const versions = this.database.write(() =>
      writes.map(({ version, document, forgetsDelay, seed, endsLog, audit }, i) => {
        const laneNo = gates[i]?.laneNo ?? 0;
        const raised = this.raiseVersion.get({ laneNo, version, forgetsDelay: forgetsDelay ? 1 : 0 });
        if (raised !== undefined) {
          this.upsert.run(laneNo, JSON.stringify(document));
          if (seed !== undefined && seed !== null) {
            this.seedDepartures(laneNo, seed);
          }
          if (endsLog === true) {
            this.endLog.run({ laneNo });
          }
          this.auditLog.record(audit);
        }
        return raised?.settings_version;
      }),
    );
    return versions.map((version, i) => {
      if (version === undefined) {
        return null;
      }
      gates[i]?.settingsChanged(writes[i]?.forgetsDelay === true);
      return { version, grantedForMs: 0 };
    });
  }

  /** Only one process uses the file. */
  async meet(): Promise<readonly ReplicaBases[]> {
    return [];
  }

  async leave(): Promise<void> {
    // Nothing is kept of the only process.
  }
}
