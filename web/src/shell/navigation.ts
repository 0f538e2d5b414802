import type { Access } from '../api/access.js';
import type { Scope } from '../api/types.js';

export interface Page {
  readonly path: string;
  readonly name: string;
  /** Scope that is required to see the page in the navigation. */
  readonly scope: Scope;
  /** True if the page is only shown where there are several lanes. */
  readonly ofLanes?: boolean;
}

/** Pages of the navigation, in order. */
export const PAGES: readonly Page[] = [
  { path: '/lanes', name: 'Lanes', scope: 'observe', ofLanes: true },
  { path: '/', name: 'Gate', scope: 'observe' },
  { path: '/now', name: 'Metrics', scope: 'observe' },
  { path: '/ingestions', name: 'Ingestions', scope: 'read' },
  { path: '/submit', name: 'Submit', scope: 'submit' },
  { path: '/dead-letters', name: 'Dead letters', scope: 'observe' },
  { path: '/webhooks', name: 'Webhooks', scope: 'observe' },
  { path: '/audit', name: 'Audit', scope: 'observe' },
  { path: '/control', name: 'Control', scope: 'observe' },
];

/** Returns the pages that the current user may open, in order. */
export function pagesFor({ scopes, lanes }: Pick<Access, 'scopes' | 'lanes'>): readonly Page[] {
  return PAGES.filter(
    ({ scope, ofLanes }) => scopes.includes(scope) && (ofLanes !== true || lanes.length > 1),
  );
}
