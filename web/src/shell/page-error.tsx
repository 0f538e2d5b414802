import type { ErrorComponentProps } from '@tanstack/react-router';
import { useEffect, useRef, type ReactElement } from 'react';
import { reachability, useTrouble } from '../live/reachability.js';
import { PageLoadError } from './lazy-page.js';

const RELOADED_AT_ITEM = 'sluice.reloadedAtMs';
/** Minimum time between two automatic reloads: one more does not help a page that fails again sooner. */
const MIN_RELOAD_INTERVAL_MS = 60_000;

/** Replaces a page that failed to load or to render; the header and the navigation stay. */
export function PageError({ error, reset }: ErrorComponentProps): ReactElement {
  const isAway = useTrouble() !== null;
  const wasAway = useRef(isAway);
  const isCode = error instanceof PageLoadError;
  useEffect(() => {
    if (error instanceof PageLoadError) {
      error.forget();
      void reachability.probe().then(() => {
        if (reachability.get() === null) {
          reloadOnce();
        }
      });
    }
  }, [error]);
  useEffect(() => {
    if (wasAway.current && !isAway) {
      reset();
    }
    wasAway.current = isAway;
  }, [isAway, reset]);
  return (
    <section className="panel stack" role="alert">
      <h1>This page could not be {isCode ? 'loaded' : 'shown'}</h1>
      <p className="muted">{isCode ? whyNotLoaded(isAway) : `An error in the dashboard: ${String(error)}`}</p>
      <p className="row">
        <button
          type="button"
          className="button primary"
          onClick={() => {
            // a window that is reloaded while the service does not answer is empty
            if (isCode && !isAway) {
              window.location.reload();
            } else {
              reset();
            }
          }}
        >
          Retry
        </button>
      </p>
    </section>
  );
}

function whyNotLoaded(isAway: boolean): string {
  return isAway
    ? 'The service does not answer. The page loads when it is back.'
    : 'The service was restarted or upgraded since this tab was opened. A reload of the tab gets the new page.';
}

/** Reloads the window to get the files of the service that answers now; at most once a minute. */
function reloadOnce(): void {
  const reloadedAtMs = Number(sessionStorage.getItem(RELOADED_AT_ITEM) ?? 0);
  if (Date.now() - reloadedAtMs > MIN_RELOAD_INTERVAL_MS) {
    sessionStorage.setItem(RELOADED_AT_ITEM, String(Date.now()));
    window.location.reload();
  }
}
