import type { Access } from '../api/access.js';
import type { Scope } from '../api/types.js';

export interface Page {
  readonly path: string;
  readonly name: string;
  /** Letter that opens the page, after `g`. */
  readonly key: string;
  /** Scope that is required to see the page in the navigation. */
  readonly scope: Scope;
  /** True if the page is only shown where there are several lanes. */
  readonly ofLanes?: boolean;
}

/** Pages of the navigation, in order. */
export const PAGES: readonly Page[] = [
  { path: '/lanes', key: 'l', name: 'Lanes', scope: 'observe', ofLanes: true },
  { path: '/', key: 'g', name: 'Gate', scope: 'observe' },
  { path: '/now', key: 'm', name: 'Metrics', scope: 'observe' },
  { path: '/ingestions', key: 'i', name: 'Ingestions', scope: 'read' },
  { path: '/submit', key: 's', name: 'Submit', scope: 'submit' },
  { path: '/dead-letters', key: 'd', name: 'Dead letters', scope: 'observe' },
  { path: '/webhooks', key: 'w', name: 'Webhooks', scope: 'observe' },
  { path: '/audit', key: 'a', name: 'Audit', scope: 'observe' },
  { path: '/control', key: 'c', name: 'Control', scope: 'observe' },
];

/** Returns the pages that the current user may open, in order. */
export function pagesFor({ scopes, lanes }: Pick<Access, 'scopes' | 'lanes'>): readonly Page[] {
  return PAGES.filter(
    ({ scope, ofLanes }) => scopes.includes(scope) && (ofLanes !== true || lanes.length > 1),
  );
}

/** Returns the page that a path belongs to; undefined if it belongs to none. */
export function findPage(path: string): Page | undefined {
  return PAGES.find((page) => path === page.path || (page.path !== '/' && path.startsWith(`${page.path}/`)));
}
