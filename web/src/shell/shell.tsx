import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, type ReactElement } from 'react';
import { accessQuery, useAccess } from '../api/access.js';
import { LaneContext } from '../lanes/lane.js';
import { PageLink } from '../lanes/page-link.js';
import { live } from '../live/gate-live-store.js';
import { useTrouble } from '../live/reachability.js';
import { LoginPage } from '../pages/login/login-page.js';
import { Toasts } from '../ui/toasts.js';
import { ConnectionIndicator } from './connection-indicator.js';
import { LogOut } from './log-out.js';
import { Logo } from './logo.js';
import { PAGES, pagesFor, type Page } from './navigation.js';
import { ReadOnlySign } from './read-only-sign.js';
import { ThemeToggle } from './theme-toggle.js';
import { TroubleBanner } from './trouble-banner.js';
import './shell.css';

/** Surrounds every page with the header, the navigation and the messages. */
export function Shell(): ReactElement {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const lane = useRouterState({ select: ({ location }) => location.search.lane ?? null });
  const needsKey = useQuery(accessQuery()).data?.needsKey === true;
  const access = useAccess();
  const pages = pagesFor(access);
  const isStale = useTrouble() !== null;
  const main = useRef<HTMLElement>(null);
  const nav = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  useLanding(pages);
  const current = PAGES.find((page) => (page.path === '/' ? path === '/' : path.startsWith(page.path)));
  useEffect(() => {
    document.title = current === undefined ? 'Sluice' : `${current.name} · Sluice`;
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [path, current]);
  useEffect(() => {
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current, access]);
  useEffect(() => {
    live.watch(lane);
  }, [lane]);
  return (
    <LaneContext value={lane}>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        To the content
      </a>
      <header className="bar">
        <PageLink className="brand" to="/" aria-label="Sluice, to the gate">
          <Logo />
          <span>Sluice</span>
        </PageLink>
        <nav aria-label="Pages" ref={nav}>
          <ul>
            {pages.map((page) => (
              <li key={page.path}>
                <PageLink to={page.path} aria-current={page === current ? 'page' : undefined}>
                  {page.name}
                </PageLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="signs">
          <ReadOnlySign />
          <ConnectionIndicator />
          <LogOut />
          <ThemeToggle />
        </div>
      </header>
      <TroubleBanner />
      <main ref={main} tabIndex={-1} id="main" data-stale={isStale ? '' : undefined}>
        {needsKey ? <LoginPage /> : <Outlet />}
      </main>
      <Toasts />
    </LaneContext>
  );
}

/** Replaces the gate by the page of all lanes where there are several, if the tab was opened without naming a page. */
function useLanding(pages: readonly Page[]): void {
  const navigate = useNavigate();
  const isLanding = useRef(window.location.hash === '');
  const hasLanes = pages.some(({ ofLanes }) => ofLanes === true);
  useEffect(() => {
    if (isLanding.current && hasLanes) {
      void navigate({ to: '/lanes', replace: true });
    }
    isLanding.current = isLanding.current && pages.length === 0;
  }, [hasLanes, pages.length, navigate]);
}
