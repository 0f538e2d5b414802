import type { Scope } from '../api/types.js';

export interface Page {
  readonly path: string;
  readonly name: string;
  /** Scope that is required to see the page in the navigation. */
  readonly scope: Scope;
}

/** Pages of the navigation, in order. */
export const PAGES: readonly Page[] = [
  { path: '/', name: 'Gate', scope: 'admin' },
  { path: '/now', name: 'Metrics', scope: 'admin' },
  { path: '/ingestions', name: 'Ingestions', scope: 'read' },
  { path: '/submit', name: 'Submit', scope: 'submit' },
  { path: '/dead-letters', name: 'Dead letters', scope: 'admin' },
  { path: '/control', name: 'Control', scope: 'admin' },
];
