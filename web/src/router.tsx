import { createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { GatePage } from './pages/gate/gate-page.js';
import { Shell } from './shell/shell.js';
import { NotFound } from './shell/not-found.js';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const routes = [createRoute({ getParentRoute: () => root, path: '/', component: GatePage })];

/** Routes stand behind the `#`: the service has one page, under whatever prefix. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  history: createHashHistory(),
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
