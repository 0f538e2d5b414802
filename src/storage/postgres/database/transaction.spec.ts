import { describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../../platform/config/database-url.js';
import { usePostgres } from '../../../../test/support/postgres-stores.js';
import { PostgresDatabase } from './database.js';
import { plannedOnce, statement } from './statement.js';
import { SystemRuntime } from '../../../domain/system-runtime.js';

const SETTINGS = statement(`
  SELECT current_setting('statement_timeout') AS statement,
         current_setting('idle_in_transaction_session_timeout') AS idle,
         current_setting('synchronous_commit') AS commit,
         current_setting('transaction_isolation') AS isolation
`);
const SELECT_PLAN_MODE = `SELECT current_setting('plan_cache_mode') AS mode`;

describe('A transaction on PostgreSQL', () => {
  const stores = usePostgres();

  function open(): PostgresDatabase {
    const options = {
      servers: parseDatabaseUrl(stores.url),
      schema: 'public',
      poolSize: 2,
      connectTimeoutMs: 5000,
    };
    return new PostgresDatabase(options, 1, new SystemRuntime());
  }

  it('is ended by the server where it hangs or arrives in part', async () => {
    const database = open();
    const rows = await database.write(SETTINGS).finally(() => database.close());

    expect(rows).toEqual([{ statement: '5s', idle: '2s', commit: 'on', isolation: 'read committed' }]);
  });

  it('plans a statement once for a connection if its plan does not depend on its values', async () => {
    const database = open();
    const modes = [
      await database.read(plannedOnce(SELECT_PLAN_MODE)),
      await database.read(statement(SELECT_PLAN_MODE)),
    ];
    await database.close();

    expect(modes).toEqual([[{ mode: 'force_generic_plan' }], [{ mode: 'auto' }]]);
  });
});
