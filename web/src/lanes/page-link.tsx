import type { ComponentProps, ReactElement } from 'react';
import { toHref, useChosenLane } from './lane.js';

/** Leads to another page; the lane stays. */
export function PageLink({
  to,
  ...rest
}: Omit<ComponentProps<'a'>, 'href'> & { readonly to: string }): ReactElement {
  return <a {...rest} href={toHref(to, useChosenLane())} />;
}
