import type { Ledger } from './ledger.ts';
import type { LimitedTime } from './rate-limits.ts';
import type { ServiceProcess } from './service-process.ts';
import type { Recording } from './recorder/protocol.ts';

export interface StatusView {
  readonly status: string;
  readonly priority: string;
  readonly batches: readonly { readonly ids: readonly bigint[]; readonly status: string }[];
}

/** A time in which a process (null: any) was stopped, killed or cut off and may have lost its dispatches. */
export interface Trouble {
  readonly processNo: number | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The evidence of a run, for the checks. */
export interface Evidence {
  /** The signal that ended the processes, except for the last one, which always gets a SIGTERM. */
  readonly signal: NodeJS.Signals;
  readonly ledger: Ledger;
  /** The processes, in order of start. */
  readonly processes: readonly ServiceProcess[];
  readonly recording: Recording;
  /** The final status of each acknowledged ingestion that ended. */
  readonly statuses: ReadonlyMap<string, StatusView>;
  /** The ids of all dead letters of the service. */
  readonly deadLetters: ReadonlySet<bigint>;
  readonly storeFaults: readonly string[];
  readonly troubles: readonly Trouble[];
  readonly limitedTimes: readonly LimitedTime[];
}
