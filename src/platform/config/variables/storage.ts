import { DatabaseUrlError, parseDatabaseUrl } from '../database-url.js';
import { decimal, flag, integer, seconds, text, type Variable } from '../variable.js';

const DAY = 86_400;

/** Variables for the stores. */
export const STORAGE_VARIABLES = {
  DATA_DIR: text({ default: './data', description: 'The folder of the embedded store.' }),
  ALLOW_LOST_LOG: flag({
    default: false,
    description:
      'Start once although the log of the embedded store is missing, see [Operations](operations.md#the-store).',
  }),
  BACKUP_DIR: text({ description: 'The folder where `POST /backup` writes backups of the embedded store.' }),
  RETENTION_DAYS: decimal({
    min: 0,
    max: 36_500,
    default: 30,
    description: 'Days after which finished ingestions are removed; 0 keeps all.',
  }),
  AUDIT_RETENTION_DAYS: decimal({
    min: 1,
    max: 3650,
    default: 365,
    description: 'Days after which entries of the audit log are removed, see [Audit](operations.md#audit).',
  }),
  DATABASE_URL: text({
    isSecret: true,
    reject: whyNotDatabaseUrl,
    description:
      '`postgres://…`: PostgreSQL instead of the embedded store, one host or several, see [PostgreSQL](postgresql.md).',
  }),
  DATABASE_SCHEMA: text({
    maxLength: 63,
    default: 'sluice',
    description: 'The schema that holds the tables, created where it is missing.',
  }),
  DATABASE_POOL_SIZE: integer({
    min: 2,
    max: 1000,
    default: 10,
    description: 'Connections of one replica, at least 2; one more listens.',
  }),
  DATABASE_CONNECT_TIMEOUT: seconds({
    min: 0,
    max: DAY,
    default: 30,
    description: 'How long the start keeps trying to reach PostgreSQL.',
  }),
} satisfies Readonly<Record<string, Variable<unknown>>>;

function whyNotDatabaseUrl(value: string): string | null {
  try {
    parseDatabaseUrl(value);
    return null;
  } catch (error) {
    return error instanceof DatabaseUrlError ? error.message : 'cannot be read';
  }
}
