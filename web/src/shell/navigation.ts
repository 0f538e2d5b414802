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
  { path: '/lanes', name: 'Lanes', scope: 'admin', ofLanes: true },
  { path: '/', name: 'Gate', scope: 'admin' },
  { path: '/now', name: 'Metrics', scope: 'admin' },
  { path: '/ingestions', name: 'Ingestions', scope: 'read' },
  { path: '/submit', name: 'Submit', scope: 'submit' },
  { path: '/dead-letters', name: 'Dead letters', scope: 'admin' },
  { path: '/control', name: 'Control', scope: 'admin' },
];

/** Returns the pages that the current user may open, in order. */
export function pagesFor({ scopes, lanes }: Pick<Access, 'scopes' | 'lanes'>): readonly Page[] {
  return PAGES.filter(
    ({ scope, ofLanes }) => scopes.includes(scope) && (ofLanes !== true || lanes.length > 1),
  );
}
