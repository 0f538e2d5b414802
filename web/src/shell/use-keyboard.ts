import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { toHref, useChosenLane } from '../lanes/lane.js';
import { actionOf } from './keyboard.js';
import type { Page } from './navigation.js';

/** Maximum time between the prefix and the letter of a page. */
const PREFIX_MS = 5000;

/** Follows the shortcuts, except in fields and dialogs. */
export function useKeyboard(pages: readonly Page[], showHelp: () => void): void {
  const navigate = useNavigate();
  const lane = useChosenLane();
  const prefixAtMs = useRef(-Infinity);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return;
      }
      const action = actionOf(event.key, event.timeStamp - prefixAtMs.current < PREFIX_MS, pages);
      prefixAtMs.current = action?.kind === 'prefix' ? event.timeStamp : -Infinity;
      if (action === null) {
        return;
      }
      event.preventDefault();
      if (action.kind === 'help') {
        showHelp();
      } else if (action.kind === 'search' && !focusSearch()) {
        void navigate({ to: '/ingestions', search: lane === null ? {} : { lane } }).then(focusWhenShown);
      } else if (action.kind === 'open') {
        window.location.hash = toHref(action.path, lane);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, [pages, lane, navigate, showHelp]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, textarea, select, [contenteditable], dialog, [role="alertdialog"]') !== null
  );
}

/** Moves the focus to the search field of the page; returns false if it has none. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('main input[type="search"]');
  field?.focus();
  return field !== null;
}

function focusWhenShown(): void {
  requestAnimationFrame(() => {
    focusSearch();
  });
}
