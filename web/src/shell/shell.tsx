import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, type ReactElement } from 'react';
import { accessQuery, useAccess } from '../api/access.js';
import { apiKey } from '../api/client.js';
import { live } from '../live/live.js';
import { LoginPage } from '../pages/login/login-page.js';
import { Notices } from '../ui/notices.js';
import { ConnectionSign } from './connection-sign.js';
import { ThemeToggle } from './theme-toggle.js';
import './shell.css';

const PAGES = [
  ['/', 'Gate'],
  ['/now', 'Now'],
  ['/ingestions', 'Ingestions'],
  ['/submit', 'Submit'],
  ['/dead-letters', 'Dead letters'],
  ['/control', 'Control'],
] as const;

/** What surrounds every page. */
export function Shell(): ReactElement {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const needsKey = useQuery(accessQuery()).data?.needsKey === true;
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const current = PAGES.find(([page]) => (page === '/' ? path === '/' : path.startsWith(page)));
  useEffect(() => {
    document.title = current === undefined ? 'Sluice' : `${current[1]} · Sluice`;
    if (!isFirst.current) {
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [path, current]);
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
      <header className="bar">
        <a className="brand" href="#/" aria-label="Sluice, to the gate">
          <Logo />
          <span>Sluice</span>
        </a>
        <nav aria-label="Pages">
          <ul>
            {PAGES.map(([page, name]) => (
              <li key={page}>
                <a href={`#${page}`} aria-current={current?.[0] === page ? 'page' : undefined}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="signs">
          <ConnectionSign />
          <LogOut />
          <ThemeToggle />
        </div>
      </header>
      <main ref={main} tabIndex={-1} id="main">
        {needsKey ? <LoginPage /> : <Outlet />}
      </main>
      <Notices />
    </>
  );
}

/** Forgets the key of this tab. */
function LogOut(): ReactElement | null {
  const queries = useQueryClient();
  const { isKeyed } = useAccess();
  return isKeyed ? (
    <button
      type="button"
      className="button small"
      onClick={() => {
        apiKey.forget();
        live.start();
        void queries.resetQueries();
      }}
    >
      Log out
    </button>
  ) : null;
}

function Logo(): ReactElement {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b6b7d" />
      <path d="M6 6v20M26 6v20" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <path d="M10 8h12v9H10z" fill="#ffd9a0" />
      <path
        d="M10 21q3-2.500 6 0t6 0M10 25q3-2.500 6 0t6 0"
        fill="none"
        stroke="#9fe7f2"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
