import { readdirSync, readFileSync } from 'node:fs';
import { StoreOpenError } from '../../domain/store-errors.js';

export interface Migration {
  /** The version of the schema after this migration. Versions are numbered without gaps from 1. */
  readonly version: number;
  readonly sql: string;
}

/** Reads the migrations of a store: the `.sql` files of a folder, in the order of their numbers. */
export class MigrationFiles {
  /** The schema version that this program requires. */
  readonly latestVersion: number;
  private readonly files: readonly { readonly version: number; readonly file: string }[];

  /** @param folder its URL, with a slash at the end */
  constructor(private readonly folder: URL) {
    this.files = readdirSync(folder)
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .map((file) => ({ version: Number.parseInt(file, 10), file }));
    this.latestVersion = this.files.at(-1)?.version ?? 0;
  }

  /** Reads the migrations that lead from one version to another, in order. */
  between(current: number, latest: number): Migration[] {
    return this.files
      .filter(({ version }) => version > current && version <= latest)
      .map(({ version, file }) => ({ version, sql: readFileSync(new URL(file, this.folder), 'utf8') }));
  }
}

/** @throws StoreOpenError where the schema is newer than this program */
export function assertNotNewer(version: number, latest: number): void {
  if (version > latest) {
    throw new StoreOpenError(
      `the store has schema version ${String(version)}, this program knows up to ${String(latest)}: run a newer release`,
    );
  }
}
