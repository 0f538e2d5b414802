import type { ComponentProps, ReactElement } from 'react';
import { toHref, useChosenLane } from './lane.js';

/** Links to another page and keeps the chosen lane. */
export function PageLink({
  to,
  ...rest
}: Omit<ComponentProps<'a'>, 'href'> & { readonly to: string }): ReactElement {
  return <a {...rest} href={toHref(to, useChosenLane())} />;
}
