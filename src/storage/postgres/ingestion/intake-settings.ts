import { Logger } from '@nestjs/common';
import { connectClient, IS_READ_ONLY } from '../database/connect.js';
import { quoteIdentifier, type IntakeSettings, type PostgresOptions } from '../database/postgres.options.js';

/**
 * Writes the settings that the function `ingest` reads, and the row of each lane, so that `ingest` need not insert one in
 * the transaction of its caller. Lanes that the API has made are kept. The settings of the replica that starts last hold. A server that is read-only keeps the
 * settings it has.
 */
export async function writeIntakeSettings(options: PostgresOptions, settings: IntakeSettings): Promise<void> {
  const schema = quoteIdentifier(options.schema);
  const client = await connectClient(options);
  try {
    const { rows } = await client.query<{ is_read_only: boolean }>(`SELECT ${IS_READ_ONLY}`);
    if (rows[0]?.is_read_only === true) {
      new Logger('PostgreSQL').warn(
        'ingest() keeps the settings of an earlier start: the server is read-only',
      );
      return;
    }
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    await client.query(
      `INSERT INTO ${schema}.gate (lane)
       SELECT lane FROM unnest($1::text[]) AS lane WHERE lane NOT IN (SELECT lane FROM ${schema}.gate) ORDER BY lane
       ON CONFLICT (lane) DO NOTHING`,
      [settings.lanes],
    );
    await client.query(
      `INSERT INTO ${schema}.intake_settings
         (settings_no, lanes, max_ids_per_request, max_pending_ids, idempotency_window_ms, idempotency_by_content,
          max_units)
       SELECT 1, array_cat($1::text[], ARRAY(
         SELECT lane FROM ${schema}.gate JOIN ${schema}.lane_settings USING (lane_no)
         WHERE lane <> ALL ($1::text[]) AND settings::json #>> '{made,state}' = 'active' ORDER BY lane
       )), $2::int, $3::bigint, $4::float8, $5::boolean, $6::jsonb
       ON CONFLICT (settings_no) DO UPDATE SET
         lanes = excluded.lanes, max_ids_per_request = excluded.max_ids_per_request,
         max_pending_ids = excluded.max_pending_ids, idempotency_window_ms = excluded.idempotency_window_ms,
         idempotency_by_content = excluded.idempotency_by_content, max_units = excluded.max_units`,
      [
        settings.lanes,
        settings.maxIdsPerRequest,
        settings.maxPendingIds,
        settings.idempotencyWindowMs,
        settings.idempotencyByContent,
        JSON.stringify(settings.maxUnits ?? {}),
      ],
    );
    await client.query('COMMIT');
  } finally {
    await client.end().catch(() => undefined);
  }
}
