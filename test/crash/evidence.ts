import type { Ledger } from './ledger.ts';
import type { Life } from './life.ts';
import type { Recording } from './recorder/protocol.ts';

export interface StatusView {
  readonly status: string;
  readonly priority: string;
  readonly batches: readonly { readonly ids: readonly bigint[]; readonly status: string }[];
}

/** A time in which a life, or every life, may have lost what it held: it was stopped, killed or cut off. */
export interface Trouble {
  readonly life: number | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** All that is known after a run, for the checks. */
export interface Evidence {
  /** How the lives were ended, but for the last, which always gets a SIGTERM. */
  readonly signal: NodeJS.Signals;
  readonly ledger: Ledger;
  /** In the order of their start. */
  readonly lives: readonly Life[];
  readonly recording: Recording;
  /** The last status of each acknowledged ingestion that came to its end. */
  readonly statuses: ReadonlyMap<string, StatusView>;
  /** The ids that the service says gave up. */
  readonly deadLetters: ReadonlySet<bigint>;
  readonly storeFaults: readonly string[];
  readonly troubles: readonly Trouble[];
}
