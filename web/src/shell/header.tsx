import { useEffect, useRef, useState, type ReactElement } from 'react';
import { PageLink } from '../lanes/page-link.js';
import { ConnectionIndicator } from './connection-indicator.js';
import { LogOut } from './log-out.js';
import { Logo } from './logo.js';
import type { Page } from './navigation.js';
import { ReadOnlySign } from './read-only-sign.js';
import { ThemeToggle } from './theme-toggle.js';

/** Shows the navigation and the signs. On a phone the navigation is a menu. */
export function Header({
  pages,
  current,
  onHelp,
}: {
  readonly pages: readonly Page[];
  readonly current: Page | undefined;
  readonly onHelp: () => void;
}): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
  };
  useEffect(close, [current]);
  return (
    <header
      className="bar"
      onKeyDown={({ key }) => {
        if (key === 'Escape' && isOpen) {
          close();
          menu.current?.focus();
        }
      }}
    >
      <PageLink className="brand" to={pages[0]?.path ?? '/'} aria-label="Sluice, to the first page">
        <Logo />
        <span>Sluice</span>
      </PageLink>
      {pages.length > 0 && (
        <button
          ref={menu}
          type="button"
          className="button small menu-button"
          aria-expanded={isOpen}
          aria-controls="pages"
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          {current?.name ?? 'Pages'} <span aria-hidden="true">▾</span>
        </button>
      )}
      <nav id="pages" aria-label="Pages" data-open={isOpen ? '' : undefined}>
        <ul>
          {pages.map((page) => (
            <li key={page.path}>
              <PageLink
                to={page.path}
                aria-current={page === current ? 'page' : undefined}
                title={`g ${page.key}`}
                onClick={close}
              >
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
        <button
          type="button"
          className="icon-button"
          aria-label="About and keyboard shortcuts"
          title="About and keyboard shortcuts (?)"
          onClick={onHelp}
        >
          <span aria-hidden="true">?</span>
        </button>
        <ThemeToggle />
      </div>
    </header>
  );
}
