import type { ReactElement } from 'react';

export function NotFound(): ReactElement {
  return (
    <section className="panel">
      <h1>Nothing here</h1>
      <p className="muted">
        This page does not exist. <a href="#/">To the gate</a>
      </p>
    </section>
  );
}
