import fs from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { DATABASE_FILE } from '../../src/storage/sqlite/database/open-connection.js';

/** Is told what the process does with its disk. What it throws before an act is what SQLite throws. */
export interface DiskListener {
  beforeBegin(): void;
  beforeCommit(): void;
  afterCommit(): void;
  /** The process asks for a flush of the log. `done` must be called once it has ended. */
  flush(done: () => void): void;
}

const CHECKPOINT = 'PRAGMA wal_checkpoint(PASSIVE)';
/** Writes a page: a store that is open has a log. SQLite writes nothing where a row stays the same. */
const TOUCH = 'BEGIN; UPDATE store_clock SET is_open = 2; UPDATE store_clock SET is_open = 1; COMMIT';

const original = { exec: methodOf('exec'), prepare: methodOf('prepare'), fdatasync: fs.fdatasync };
const disks = new WeakMap<object, Disk>();
/** The disk whose connection is being opened. */
let opening: Disk | null = null;
/** The disk of the process that runs. */
let running: Disk | null = null;

/** Returns an error as SQLite throws it where the disk is full. */
export function diskFullError(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
}

/**
 * The disk of one simulated process: a folder of the real file system, on which SQLite works as always. It sees each commit
 * and each flush, so it knows how much of the log a power failure leaves.
 */
export class Disk {
  connection: DatabaseSync | null = null;
  private isFull = true;
  /** The length of the log that is durable. */
  private durableBytes = 0;
  private checkpoints = 0;

  constructor(
    readonly folder: string,
    private readonly listener: DiskListener,
  ) {}

  /** Opens a store in the folder. */
  open<T>(open: () => T): T {
    try {
      const opened = openOn(this, open);
      Reflect.apply(original.exec, this.database(), ['PRAGMA wal_autocheckpoint = 0']);
      this.durableBytes = this.logBytes();
      return opened;
    } finally {
      opening = null;
    }
  }

  /** The size of the log, in bytes. */
  logBytes(): number {
    return fs.statSync(this.pathOf('-wal'), { throwIfNoEntry: false })?.size ?? 0;
  }

  database(): DatabaseSync {
    if (this.connection === null) {
      throw new Error('the store is not open');
    }
    return this.connection;
  }

  /** Moves the log into the database and empties it. All of it is durable then. */
  checkpoint(): void {
    const database = this.database();
    Reflect.apply(original.prepare, database, ['PRAGMA wal_checkpoint(TRUNCATE)']).get();
    Reflect.apply(original.exec, database, [`PRAGMA synchronous = FULL`]);
    Reflect.apply(original.exec, database, [TOUCH]);
    Reflect.apply(original.exec, database, [`PRAGMA synchronous = ${this.isFull ? 'FULL' : 'NORMAL'}`]);
    this.checkpoints += 1;
    this.durableBytes = this.logBytes();
  }

  /**
   * Copies what a process that ends now leaves to a new folder. After a power failure the log ends somewhere behind what is
   * durable: `share` says where, from 0 to 1. Without it, all of the log is left.
   */
  copyTo(folder: string, share = 1): void {
    const target = join(folder, DATABASE_FILE);
    fs.copyFileSync(this.pathOf(''), target);
    const log = fs.readFileSync(this.pathOf('-wal'));
    const kept = Math.round(this.durableBytes + (log.length - this.durableBytes) * share);
    fs.writeFileSync(`${target}-wal`, log.subarray(0, kept));
  }

  /** Follows one call of `exec`. */
  exec(database: DatabaseSync, sql: string): void {
    const run = (): void => {
      Reflect.apply(original.exec, database, [sql]);
    };
    switch (sql) {
      case 'PRAGMA synchronous = FULL':
      case 'PRAGMA synchronous = NORMAL':
        this.isFull = sql.endsWith('FULL');
        run();
        break;
      case 'BEGIN IMMEDIATE':
        this.listener.beforeBegin();
        run();
        break;
      case 'COMMIT':
        this.listener.beforeCommit();
        run();
        if (this.isFull) {
          this.durableBytes = this.logBytes();
        }
        this.listener.afterCommit();
        break;
      default:
        run();
    }
  }

  /** Flushes what the log holds now. */
  flush(done: (error: null) => void): void {
    const { checkpoints } = this;
    const bytes = this.logBytes();
    this.listener.flush(() => {
      if (checkpoints === this.checkpoints) {
        this.durableBytes = Math.max(this.durableBytes, bytes);
      }
      done(null);
    });
  }

  private pathOf(suffix: string): string {
    return join(this.folder, `${DATABASE_FILE}${suffix}`);
  }
}

/** Lets every connection that `open` opens belong to this disk. */
function openOn<T>(disk: Disk, open: () => T): T {
  opening = disk;
  running = disk;
  return open();
}

/** Lets the disks of simulated processes see what SQLite does. Must be called once, before any store is opened. */
export function watchDisks(): void {
  Reflect.set(DatabaseSync.prototype, 'exec', function exec(this: DatabaseSync, sql: string): void {
    if (opening !== null) {
      opening.connection = this;
      disks.set(this, opening);
    }
    const disk = opening === null ? disks.get(this) : undefined;
    if (disk === undefined) {
      Reflect.apply(original.exec, this, [sql]);
    } else {
      disk.exec(this, sql);
    }
  });
  Reflect.set(
    DatabaseSync.prototype,
    'prepare',
    function prepare(this: DatabaseSync, sql: string): StatementSync {
      const statement = Reflect.apply(original.prepare, this, [sql]);
      if (sql === CHECKPOINT) {
        Reflect.set(statement, 'get', () => {
          disks.get(this)?.checkpoint();
        });
      }
      return statement;
    },
  );
  Reflect.set(fs, 'fdatasync', (file: number, done: (error: Error | null) => void) => {
    if (running === null) {
      original.fdatasync(file, done);
    } else {
      running.flush(done);
    }
  });
}

type Methods = Pick<DatabaseSync, 'exec' | 'prepare'>;

function methodOf<Name extends keyof Methods>(name: Name): Methods[Name] {
  const method: unknown = Reflect.get(DatabaseSync.prototype, name);
  return method as Methods[Name];
}
