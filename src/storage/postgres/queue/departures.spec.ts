import { describe, expect, it } from '@jest/globals';
import { usePostgres } from '../../../../test/support/postgres-stores.js';
import { removedDeparture } from '../../../domain/limits/thinning.js';

const LANE = 'default';
const QUESTION = { windows: [], calendars: [], inFlight: null, isPerId: false, timeoutMs: 0 };
const ADDED = 9000;

describe('The log of departures in PostgreSQL', () => {
  const postgres = usePostgres();

  it('loses with each departure the old one that the definition names', async () => {
    const schema = postgres.emptySchema();
    const { dispatches } = await postgres.open({ schema });
    await postgres.run(
      `INSERT INTO "${schema}".departure (lane_no, departure_no, epoch, departs_us, calls, ids)
       SELECT 1, no, 0, no, no, no FROM generate_series(1, ${String(ADDED)}) AS no`,
    );
    const next = Array.from({ length: 8 }, (_, i) => ADDED + 1 + i);
    for (const no of next) {
      const { epoch } = await dispatches.departures.read(LANE, QUESTION);
      const added = await dispatches.departures.append(LANE, epoch, { calls: 1, ids: 1, units: 1 }, 0);
      expect(added?.departureNo).toBe(no);
    }

    const missing = await postgres.run(
      `SELECT no FROM generate_series(1, ${String(ADDED)}) AS no
       WHERE NOT EXISTS (SELECT FROM "${schema}".departure WHERE departure_no = no) ORDER BY no`,
    );
    expect(missing.map(({ no }) => Number(no))).toEqual(
      next
        .map(removedDeparture)
        .filter((no) => no !== null)
        .sort((a, b) => a - b),
    );
  });

  it('adds nothing under an epoch that is not the current one', async () => {
    const { dispatches } = await postgres.open();
    const { epoch } = await dispatches.departures.read(LANE, QUESTION);
    await dispatches.departures.append(LANE, epoch, { calls: 1, ids: 1, units: 1 }, 0);

    expect(await dispatches.departures.append(LANE, epoch, { calls: 1, ids: 1, units: 1 }, 0)).toBeNull();
  });
});
