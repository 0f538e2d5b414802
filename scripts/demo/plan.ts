/** The contract's example: two requests, and the dispatches that must follow from them. */
export const BATCH_SIZE = 3;
export const BATCH_DELAY_SECONDS = 5;

export interface PlannedRequest {
  readonly name: string;
  readonly atSeconds: number;
  readonly priority: 'HIGH' | 'MEDIUM' | 'LOW';
  readonly ids: readonly number[];
}

export interface PlannedDispatch {
  readonly atSeconds: number;
  readonly ids: readonly number[];
}

export const REQUESTS: readonly PlannedRequest[] = [
  { name: 'request 1', atSeconds: 0, priority: 'MEDIUM', ids: [1, 2, 3, 4, 5] },
  { name: 'request 2', atSeconds: 4, priority: 'HIGH', ids: [6, 7, 8, 9] },
];

export const DISPATCHES: readonly PlannedDispatch[] = [
  { atSeconds: 0, ids: [1, 2, 3] },
  { atSeconds: 5, ids: [6, 7, 8] },
  { atSeconds: 10, ids: [9, 4, 5] },
];
