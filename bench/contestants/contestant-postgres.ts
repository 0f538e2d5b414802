import { startOwnPostgres, type OwnServer } from '../../test/support/postgres.ts';
import { pinned } from '../settings.ts';

/** A PostgreSQL server on the core of the contestants: whatever one is made of, it has that one core. */
export function startContestantPostgres(): Promise<OwnServer> {
  return startOwnPostgres([], pinned('contestant', process.execPath));
}
