import { SingleBar, Presets } from 'cli-progress';
import { escapeControls } from '../domain/printable-text.js';
import { ConfigError } from '../platform/config/config-error.js';
import { parseDatabaseUrl } from '../platform/config/database-url.js';
import { readVariables } from '../platform/config/read-variables.js';
import { SECOND_MS } from '../platform/config/units.js';
import { copyStore, type CopyProgress, type CopyReport } from '../storage/copy/copy-store.js';
import { CopySource } from '../storage/copy/source.js';
import { CopyTarget } from '../storage/copy/target.js';
import { SystemRuntime } from '../domain/system-runtime.js';
import { EX_CONFIG } from './ex-config.js';

interface Progress {
  readonly update: (progress: CopyProgress) => void;
  readonly close: () => void;
}

/** Copies a stopped embedded store to PostgreSQL. Prints the reason and sets the exit code if that fails. */
export async function migrateStore(from: string, to: string): Promise<void> {
  try {
    await copy(from, to);
  } catch (error) {
    process.stderr.write(
      `cannot move the store: ${escapeControls(error instanceof Error ? error.message : String(error))}\n`,
    );
    process.exitCode = error instanceof ConfigError ? EX_CONFIG : 1;
  }
}

async function copy(from: string, to: string): Promise<void> {
  const { allowLostLog, ...options } = readOptions(to);
  const runtime = new SystemRuntime();
  const source = CopySource.open(from, runtime, { allowLostLog });
  try {
    const target = await CopyTarget.open(options, runtime);
    try {
      const progress = process.stdout.isTTY ? showBar() : printTables();
      const report = await copyStore(source, target, progress.update).finally(progress.close);
      process.stdout.write(`${formatReport(report, source.path, target.description)}\n`);
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

/** Reads the options of the target. All settings of PostgreSQL except its URL are the same as for the service. */
function readOptions(url: string) {
  const variables = readVariables({ ...process.env, DATABASE_URL: url });
  return {
    allowLostLog: variables.ALLOW_LOST_LOG,
    servers: parseDatabaseUrl(url),
    schema: variables.DATABASE_SCHEMA,
    poolSize: variables.DATABASE_POOL_SIZE,
    connectTimeoutMs: variables.DATABASE_CONNECT_TIMEOUT * SECOND_MS,
  };
}

function showBar(): Progress {
  const bar = new SingleBar(
    { format: '{bar} {percentage}% {table} {value}/{total}', hideCursor: true },
    Presets.shades_grey,
  );
  bar.start(1, 0, { table: '' });
  return {
    update: ({ table, rows, ofRows }) => {
      bar.setTotal(Math.max(ofRows, 1));
      bar.update(ofRows === 0 ? 1 : rows, { table });
    },
    close: () => {
      bar.stop();
    },
  };
}

/** Prints one line per copied table, for a pipe. */
function printTables(): Progress {
  return {
    update: ({ table, rows, ofRows }) => {
      if (rows === ofRows) {
        process.stdout.write(`${table}: ${String(rows)} rows\n`);
      }
    },
    close: () => undefined,
  };
}

function formatReport(report: CopyReport, source: string, target: string): string {
  const { ingestions, ids, idsToGo, deadLetters } = report;
  const what = `lists: ${String(ingestions)}, ids: ${String(ids)}, pending: ${String(idsToGo)}, dead letters: ${String(deadLetters)}`;
  return report.kind === 'moved'
    ? `Moved ${source} to ${target}: ${what}. Both sides count the same; start the service with DATABASE_URL.`
    : `${source} was moved to ${target} before, nothing was changed: ${what}.`;
}
