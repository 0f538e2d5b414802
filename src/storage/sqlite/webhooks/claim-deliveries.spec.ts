import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { DueDeliveries } from './claim-deliveries.js';
import { migrate } from '../database/migrate.js';
import type { SqliteDatabase } from '../database/database.js';

describe('What is due to be delivered is found', () => {
  let connection: DatabaseSync;

  beforeEach(() => {
    connection = new DatabaseSync(':memory:');
    migrate(connection);
  });
  afterEach(() => {
    connection.close();
  });

  it('by an index, whatever is due and to whom: nothing is sorted nor read through', () => {
    const plans: string[] = [];
    const prepare = (sql: string): unknown => {
      const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
      plans.push(plan.map((row) => String(row['detail'])).join('\n'));
      return connection.prepare(sql);
    };
    new DueDeliveries({ prepare } as unknown as SqliteDatabase);
    const [due, clients, dueOf, hosts, dueTo] = plans;

    expect(plans).toHaveLength(5);
    expect(plans.join('\n')).not.toContain('TEMP B-TREE');
    expect(due).toContain('SEARCH delivery USING INDEX webhook_delivery_due (due_time<?)');
    expect(clients).toContain('webhook_delivery_of_client (client>?)');
    expect(dueOf).toContain(
      'SEARCH delivery USING INDEX webhook_delivery_of_client (client=? AND due_time<?)',
    );
    expect(hosts).toContain('webhook_delivery_to_host (client=? AND <expr>>?)');
    expect(dueTo).toContain(
      'SEARCH delivery USING INDEX webhook_delivery_to_host (client=? AND <expr>=? AND due_time<?)',
    );
  });
});
