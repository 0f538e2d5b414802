import { describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../../platform/config/database-url.js';
import { usePostgres } from '../../../../test/support/postgres-stores.js';
import { PostgresDatabase } from './database.js';
import { statement } from './statement.js';
import { SystemRuntime } from '../../../domain/system-runtime.js';

const SETTINGS = statement(`
  SELECT current_setting('statement_timeout') AS statement,
         current_setting('idle_in_transaction_session_timeout') AS idle,
         current_setting('synchronous_commit') AS commit,
         current_setting('transaction_isolation') AS isolation
`);

describe('A transaction on PostgreSQL', () => {
  const stores = usePostgres();

  it('is ended by the server where it hangs or arrives in part', async () => {
    const options = {
      servers: parseDatabaseUrl(stores.url),
      schema: 'public',
      poolSize: 2,
      connectTimeoutMs: 5000,
    };
    const database = new PostgresDatabase(options, 1, new SystemRuntime());
    const rows = await database.write(SETTINGS).finally(() => database.close());

    expect(rows).toEqual([{ statement: '5s', idle: '2s', commit: 'on', isolation: 'read committed' }]);
  });
});
