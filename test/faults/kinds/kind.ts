import type { Replica } from '../../crash/replica-group.ts';
import type { Cluster } from '../cluster.ts';
import type { Round } from '../round.ts';

/** A kind of fault. */
export interface FaultKind {
  readonly name: string;
  /** Returns the reason for which this machine cannot play it; null if it can. */
  missing(): string | null;
  /** Prepares the servers before the first replica starts. */
  prepare(cluster: Cluster): Promise<PreparedFault>;
}

/** A fault that is ready to happen. */
export interface PreparedFault {
  /** The program of the replicas at first; by default the built service. */
  readonly main?: string;
  /** Makes the fault while the replicas work. */
  make(round: Round, replicas: readonly [Replica, ...Replica[]]): Promise<void>;
  /** Ends what the preparation has started. */
  release(): Promise<void>;
}
