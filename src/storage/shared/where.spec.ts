import { describe, expect, it } from '@jest/globals';
import { postgresDialect } from '../postgres/database/dialect.js';
import { SQLITE_DIALECT } from '../sqlite/database/dialect.js';
import { redriveConditions, deliveryConditions } from './filters.js';
import { buildWhere } from './where.js';

const UUID = '019376a0-5c00-7a3e-9b1d-2f4c6e8a0b1c';

describe('A filter', () => {
  it('leaves out the conditions that are not given, and numbers the others after the values before them', () => {
    const postgres = postgresDialect('"its"');
    const filter = { ingestionId: UUID, kind: 'rejected' } as const;

    expect(buildWhere(postgres, redriveConditions(filter, postgres), 2)).toEqual({
      sql: 'AND seq = (SELECT seq FROM "its".ingestion WHERE ingestion_id = $3::uuid) AND kind = $4::text',
      values: [UUID, 'rejected'],
    });
    expect(buildWhere(SQLITE_DIALECT, redriveConditions({ position: 0 }, SQLITE_DIALECT), 2)).toEqual({
      sql: 'AND position = ?3',
      values: [0],
    });
  });

  it('compares with null, which matches nothing, where an ingestion id is no UUID', () => {
    const conditions = deliveryConditions({ ingestionId: "' OR 1=1 --" });

    expect(buildWhere(SQLITE_DIALECT, conditions, 2).values).toEqual([null]);
    expect(buildWhere(postgresDialect('s'), conditions, 2).values).toEqual([null]);
  });

  it('binds a UUID as the bytes or the text that the store saves', () => {
    const conditions = deliveryConditions({ ingestionId: UUID });

    expect(buildWhere(SQLITE_DIALECT, conditions, 0).values[0]).toHaveLength(16);
    expect(buildWhere(postgresDialect('s'), conditions, 0).values[0]).toBe(UUID);
  });
});
