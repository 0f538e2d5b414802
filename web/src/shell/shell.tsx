import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { accessQuery, useAccess } from '../api/access.js';
import { LaneContext } from '../lanes/lane.js';
import { live } from '../live/gate-live-store.js';
import { useTrouble } from '../live/reachability.js';
import { LoginPage } from '../pages/login/login-page.js';
import { Toasts } from '../ui/toasts.js';
import { AboutDialog } from './about-dialog.js';
import { Header } from './header.js';
import { findPage, pagesFor, type Page } from './navigation.js';
import { TroubleBanner } from './trouble-banner.js';
import { useKeyboard } from './use-keyboard.js';
import { usePageTitle } from './use-page-title.js';
import './shell.css';

/** Surrounds every page with the header, the navigation and the messages. */
export function Shell(): ReactElement {
  const lane = useRouterState({ select: ({ location }) => location.search.lane ?? null });
  useEffect(() => {
    live.watch(lane);
  }, [lane]);
  return (
    <LaneContext value={lane}>
      <Frame />
    </LaneContext>
  );
}

function Frame(): ReactElement {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const needsKey = useQuery(accessQuery()).data?.needsKey === true;
  const access = useAccess();
  const pages = useMemo(() => pagesFor(access), [access]);
  const isStale = useTrouble() !== null;
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const [isHelpShown, setHelpShown] = useState(false);
  const showHelp = useCallback(() => {
    setHelpShown(true);
  }, []);
  const current = findPage(path);
  useLanding(pages);
  usePageTitle(current, path);
  useKeyboard(pages, showHelp);
  // before the page is painted: later, it would take the focus from a field that the user already types into
  useLayoutEffect(() => {
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [path]);
  return (
    <>
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
      <Header pages={pages} current={current} onHelp={showHelp} />
      <TroubleBanner />
      <main ref={main} tabIndex={-1} id="main" data-stale={isStale ? '' : undefined}>
        {needsKey ? <LoginPage /> : <Outlet />}
      </main>
      <Toasts />
      {isHelpShown && (
        <AboutDialog
          pages={pages}
          onClose={() => {
            setHelpShown(false);
          }}
        />
      )}
    </>
  );
}

/**
 * Replaces the gate by the page of all lanes where there are several, if the tab was opened without naming a page and
 * the user has chosen none before the lanes are known.
 */
function useLanding(pages: readonly Page[]): void {
  const navigate = useNavigate();
  const { history } = useRouter();
  const isLanding = useRef(window.location.hash === '');
  const hasLanes = pages.some(({ ofLanes }) => ofLanes === true);
  useEffect(
    () =>
      history.subscribe(() => {
        isLanding.current = false;
      }),
    [history],
  );
  useEffect(() => {
    if (isLanding.current && hasLanes) {
      void navigate({ to: '/lanes', replace: true });
    }
    isLanding.current = isLanding.current && pages.length === 0;
  }, [hasLanes, pages.length, navigate]);
}
