import { useEffect } from 'react';
import { useChosenLane } from '../lanes/lane.js';
import { shortId } from '../ui/badges.js';
import type { Page } from './navigation.js';
import { titleOf } from './page-title.js';

/** Sets the title of the tab. */
export function usePageTitle(page: Page | undefined, path: string): void {
  const lane = useChosenLane();
  useEffect(() => {
    const [, , id] = path.split('/');
    const list = page?.path === '/ingestions' && id !== undefined ? shortId(id) : null;
    document.title = titleOf(page?.name, { list, lane });
  }, [page, path, lane]);
}
