import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client.js';
import { live } from './live/gate-live-store.js';
import { reachability } from './live/reachability.js';
import { router } from './router.js';
import { applyTheme } from './shell/theme.js';
import './styles/base.css';

applyTheme();
live.init();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 1000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});

reachability.begin(({ sincePageMs }) => {
  live.reconnect(sincePageMs);
  void queries.invalidateQueries();
});

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
