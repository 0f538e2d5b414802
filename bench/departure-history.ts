import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';
import { loadThinning } from './in-process.ts';

const IDS_EACH = 3;
const SPACING_US = 1000;

/**
 * Puts `departures` earlier departures into the log of a closed embedded store, as if each had left a millisecond after the one
 * before. Those that the service would have removed by then are left out. The log must hold one departure already.
 */
export async function addDepartures(dataDir: string, departures: number): Promise<void> {
  const kept = await keptOf(departures);
  const database = new DatabaseSync(join(dataDir, 'sluice.sqlite'));
  try {
    const { laneNo, lastUs } = readLast(database);
    database.exec('BEGIN; DELETE FROM departure');
    const insert = database.prepare(
      'INSERT INTO departure (lane_no, departure_no, epoch, departs_us, calls, ids, units) VALUES (?, ?, 0, ?, ?, ?, ?)',
    );
    for (const departureNo of kept) {
      const departsUs = lastUs - (departures - departureNo) * SPACING_US;
      const ids = departureNo * IDS_EACH;
      insert.run(laneNo, departureNo, departsUs, departureNo, ids, ids);
    }
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

/** Does the same in a schema of PostgreSQL. */
export async function addPostgresDepartures(url: string, schema: string, departures: number): Promise<void> {
  const kept = await keptOf(departures);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `WITH last AS MATERIALIZED (
         SELECT lane_no, departs_us FROM ${schema}.departure ORDER BY departure_no DESC LIMIT 1
       ), gone AS (DELETE FROM ${schema}.departure)
       INSERT INTO ${schema}.departure (lane_no, departure_no, epoch, departs_us, calls, ids, units)
       SELECT lane_no, no + $2::bigint, 0, departs_us - ($2::bigint - no) * $3::bigint, no, no * $4::bigint, no * $4::bigint
       FROM last CROSS JOIN unnest($1::bigint[]) AS no`,
      [[...kept], departures, SPACING_US, IDS_EACH],
    );
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** Returns the numbers of the departures that the service would still have. */
async function keptOf(departures: number): Promise<ReadonlySet<number>> {
  const { removedDeparture } = await loadThinning();
  const kept = new Set<number>();
  for (let departureNo = 1; departureNo <= departures; departureNo++) {
    kept.add(departureNo);
    const removed = removedDeparture(departureNo);
    if (removed !== null) {
      kept.delete(removed);
    }
  }
  return kept;
}

function readLast(database: DatabaseSync): { readonly laneNo: number; readonly lastUs: number } {
  const row = database
    .prepare('SELECT lane_no, departs_us FROM departure ORDER BY departure_no DESC LIMIT 1')
    .get();
  if (row === undefined) {
    throw new Error('the log of departures is empty');
  }
  return { laneNo: Number(row['lane_no']), lastUs: Number(row['departs_us']) };
}
