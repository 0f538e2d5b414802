import { STATUSES, type Status } from '../../api/types.js';

export const TABS = ['batches', 'timeline', 'results', 'errors', 'webhooks'] as const;
export type Tab = (typeof TABS)[number];

/** Parameters of the page of one ingestion. */
export interface IngestionPageSearch {
  readonly tab?: Tab | undefined;
  /** Outcome of the results that are shown. */
  readonly outcome?: Status | undefined;
}

/** Reads the parameters of the URL; what is not valid is left out. */
export function parseIngestionPageSearch(search: Record<string, unknown>): IngestionPageSearch {
  const tab = TABS.find((each) => each === search.tab);
  const outcome = STATUSES.find((each) => each === search.outcome);
  return { ...(tab !== undefined && { tab }), ...(outcome !== undefined && { outcome }) };
}
