import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';

/** What is shown now, whether chosen or the system's. */
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
