import { startOwnPostgres, type OwnServer } from '../../test/support/postgres.ts';
import { pinned } from '../settings.ts';

/** Starts a PostgreSQL server on the contestants' core: all parts of a contestant share that core. */
export function startContestantPostgres(): Promise<OwnServer> {
  return startOwnPostgres([], pinned('contestant', process.execPath));
}
