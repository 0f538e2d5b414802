import type { ReactElement } from 'react';
import { PageLink } from '../lanes/page-link.js';

export function NotFound(): ReactElement {
  return (
    <section className="panel">
      <h1>Nothing here</h1>
      <p className="muted">
        This page does not exist. <PageLink to="/">To the gate</PageLink>
      </p>
    </section>
  );
}
