import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';

const MAX_KEPT = 100;
/** Before the listeners that change rows: `scrollY` after a change makes the browser lay the page out at once. */
const BEFORE_CHANGES = { passive: true, capture: true } as const;
/** Scroll positions in px by the key of the entry in the browser's history. */
const positions = new Map<string, number>();

/** Returns the key of the browser's present history entry; it changes before the page does. */
function keyOfEntry(): string {
  const state: unknown = window.history.state;
  return typeof state === 'object' && state !== null && '__TSR_key' in state ? String(state.__TSR_key) : '';
}

/** Shows the page where it was when the user comes back to it, and at its top when it is opened anew. */
export function useScrollMemory(isReady: boolean): void {
  const key = useRouterState({ select: ({ location }) => location.state.__TSR_key ?? '' });
  useEffect(() => {
    if (!isReady) {
      return;
    }
    // after the shell, which shows every new page at its top
    const frame = requestAnimationFrame(() => {
      window.scrollTo(0, positions.get(key) ?? 0);
      window.addEventListener('scroll', keep, BEFORE_CHANGES);
    });
    const keep = (): void => {
      if (keyOfEntry() !== key) {
        return; // another page is about to be shown, and the shell has gone to its top
      }
      positions.delete(key);
      positions.set(key, window.scrollY);
      for (const [oldest] of positions) {
        if (positions.size <= MAX_KEPT) {
          break;
        }
        positions.delete(oldest);
      }
    };
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', keep, BEFORE_CHANGES);
    };
  }, [key, isReady]);
}
