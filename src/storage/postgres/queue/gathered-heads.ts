import { toArrayLiteral } from '../database/array-literal.js';
import { GatheredCalls } from '../database/gathered-calls.js';
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

/**
 * Reads the heads of lanes that are asked for at the same moment: one statement for all lanes with the same `maxIds`. It is
 * the same for every lane, so a connection keeps a few plans, not some for each lane.
 */
export class GatheredHeads {
  /** The gathered reads of each statement, by `maxIds` and by whether the versions of the gates are known. */
  private readonly calls = new Map<string, GatheredCalls<WantedHead, Row[]>>();

  constructor(
    private readonly database: Pick<GatheredReads, 'read'>,
    private readonly schema: string,
  ) {}

  /** Returns the rows of one lane; none if its gate's row has another version. */
  read(head: WantedHead): Promise<Row[]> {
    const isVersionKnown = head.version !== null;
    const key = `${String(head.maxIds)} ${String(isVersionKnown)}`;
    const calls =
      this.calls.get(key) ?? this.callsOf(selectHeads(this.schema, head.maxIds, { isVersionKnown }));
    this.calls.set(key, calls);
    return calls.add(head);
  }

  private callsOf(select: Statement): GatheredCalls<WantedHead, Row[]> {
    return new GatheredCalls(async (heads) => {
      // Several readers of a lane share its rows: asked for twice, the statement would return them twice.
      const versions = new Map(heads.map(({ laneNo, version }) => [laneNo, version]));
      const known = [...versions.values()].filter((version) => version !== null);
      const rows = await this.database.read(select, [
        toArrayLiteral([...versions.keys()]),
        ...(known.length === 0 ? [] : [toArrayLiteral(known.map(toVersionLiteral))]),
      ]);
      const byLane = Map.groupBy(rows, (row) => row['lane_no']);
      return heads.map(({ laneNo }) => byLane.get(laneNo) ?? []);
    });
  }
}
