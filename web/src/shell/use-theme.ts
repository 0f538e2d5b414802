import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';

/** Returns the theme that is shown: the chosen one, or the system's if none is chosen. */
export function useShownTheme(): string {
  return useSyncExternalStore(
    (changed) => {
      const observer = new MutationObserver(changed);
      observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
      const media = window.matchMedia(DARK);
      media.addEventListener('change', changed);
      return () => {
        observer.disconnect();
        media.removeEventListener('change', changed);
      };
    },
    () => document.documentElement.dataset.theme ?? (window.matchMedia(DARK).matches ? 'dark' : 'light'),
  );
}
