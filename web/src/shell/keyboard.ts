import type { Page } from './navigation.js';

/** Action of a key: show the help, go to the search field, wait for the letter of a page, or open a page. */
export type KeyAction =
  | { readonly kind: 'help' }
  | { readonly kind: 'search' }
  | { readonly kind: 'prefix' }
  | { readonly kind: 'open'; readonly path: string };

/** Key that begins the shortcut of a page: `g`, then the letter of the page. */
const PREFIX = 'g';

/** Returns the action of a key, after the prefix or without it; null if it has none. */
export function actionOf(key: string, isAfterPrefix: boolean, pages: readonly Page[]): KeyAction | null {
  if (isAfterPrefix) {
    const page = pages.find((each) => each.key === key);
    return page === undefined ? null : { kind: 'open', path: page.path };
  }
  switch (key) {
    case '?':
      return { kind: 'help' };
    case '/':
      return { kind: 'search' };
    case PREFIX:
      return { kind: 'prefix' };
    default:
      return null;
  }
}
