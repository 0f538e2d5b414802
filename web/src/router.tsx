import { createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { GatePage } from './pages/gate/gate-page.js';
import { readAuditSearch, readWebhooksSearch } from './router-search.js';
import { lazyPage } from './shell/lazy-page.js';
import { parseDeadLetterSearch } from './pages/dead-letters/dead-letter-filter.js';
import { parseIngestionSearch } from './pages/ingestions/ingestion-filter.js';
import { parseIngestionPageSearch } from './pages/ingestions/ingestion-search.js';
import { NotFound } from './shell/not-found.js';
import { PageError } from './shell/page-error.js';
import { Shell } from './shell/shell.js';
import { Loading } from './ui/loading.js';

export interface Search {
  /** Lane that the page shows. */
  readonly lane?: string;
}

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: ({ lane }: Record<string, unknown>): Search =>
    typeof lane === 'string' || typeof lane === 'number' ? { lane: String(lane) } : {},
});
const getParentRoute = () => root;

/** Routes of all pages; the code of every page but the gate is loaded on demand. */
const routes = [
  createRoute({ getParentRoute, path: '/', component: GatePage }),
  createRoute({
    getParentRoute,
    path: '/lanes',
    component: lazyPage(async () => (await import('./pages/lanes/lanes-page.js')).LanesPage),
  }),
  createRoute({
    getParentRoute,
    path: '/now',
    component: lazyPage(async () => (await import('./pages/overview/overview-page.js')).OverviewPage),
  }),
  createRoute({
    getParentRoute,
    path: '/ingestions',
    validateSearch: parseIngestionSearch,
    component: lazyPage(async () => (await import('./pages/ingestions/ingestions-page.js')).IngestionsPage),
  }),
  createRoute({
    getParentRoute,
    path: '/ingestions/$id',
    validateSearch: parseIngestionPageSearch,
    component: lazyPage(async () => (await import('./pages/ingestions/ingestion-page.js')).IngestionPage),
  }),
  createRoute({
    getParentRoute,
    path: '/find/$id',
    component: lazyPage(async () => (await import('./pages/search/search-page.js')).SearchPage),
  }),
  createRoute({
    getParentRoute,
    path: '/submit',
    component: lazyPage(async () => (await import('./pages/submit/submit-page.js')).SubmitPage),
  }),
  createRoute({
    getParentRoute,
    path: '/dead-letters',
    validateSearch: parseDeadLetterSearch,
    component: lazyPage(
      async () => (await import('./pages/dead-letters/dead-letters-page.js')).DeadLettersPage,
    ),
  }),
  createRoute({
    getParentRoute,
    path: '/control',
    component: lazyPage(
      async () => (await import('./pages/queue-control/queue-control-page.js')).QueueControlPage,
    ),
  }),
  createRoute({
    getParentRoute,
    path: '/webhooks',
    validateSearch: readWebhooksSearch,
    component: lazyPage(async () => (await import('./pages/webhooks/webhooks-page.js')).WebhooksPage),
  }),
  createRoute({
    getParentRoute,
    path: '/audit',
    validateSearch: readAuditSearch,
    component: lazyPage(async () => (await import('./pages/audit/audit-page.js')).AuditPage),
  }),
] as const;

/** Routes by the URL fragment, because the service serves a single page, under any prefix. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  history: createHashHistory(),
  defaultPreload: 'intent',
  defaultErrorComponent: PageError,
  defaultPendingComponent: Loading,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
