import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import { useHasScope } from '../api/access.js';
import { toUrl } from '../api/client.js';
import { healthQuery } from '../api/queries.js';
import { formatDuration } from '../ui/format.js';
import type { Page } from './navigation.js';
import './about-dialog.css';

/** Shows version and store of the service, links to its documents, and the keyboard shortcuts. */
export function AboutDialog({
  pages,
  onClose,
}: {
  readonly pages: readonly Page[];
  readonly onClose: () => void;
}): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="about" aria-labelledby="about-title" onClose={onClose}>
      <form method="dialog" className="row spread">
        <h2 id="about-title">About Sluice</h2>
        <button type="submit" className="button small">
          Close
        </button>
      </form>
      <Service />
      <section>
        <h3>Documents</h3>
        <ul className="about-links">
          <Document path="docs">Swagger UI: try the API</Document>
          <Document path="redoc">ReDoc: read the API</Document>
          <Document path="openapi.json">OpenAPI document</Document>
        </ul>
      </section>
      <section>
        <h3>Keyboard</h3>
        <dl className="keys">
          <Shortcut keys={['?']}>this window</Shortcut>
          <Shortcut keys={['/']}>search</Shortcut>
          {pages.map(({ key, name, path }) => (
            <Shortcut key={path} keys={['g', key]}>
              {name}
            </Shortcut>
          ))}
        </dl>
      </section>
    </dialog>
  );
}

function Service(): ReactElement {
  const mayObserve = useHasScope('observe');
  const { data } = useQuery({ ...healthQuery(), enabled: mayObserve });
  return (
    <dl className="about-facts">
      <Fact title="Version">{__SLUICE_VERSION__}</Fact>
      {data?.store !== undefined && <Fact title="Store">{data.store}</Fact>}
      {data?.replicas !== undefined && <Fact title="Replicas">{data.replicas}</Fact>}
      {data?.uptime_seconds !== undefined && (
        <Fact title="Running for">{formatDuration(Math.round(data.uptime_seconds))}, this replica</Fact>
      )}
    </dl>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Document({ path, children }: { readonly path: string; readonly children: string }): ReactElement {
  return (
    <li>
      <a href={toUrl(path)} target="_blank" rel="noreferrer">
        {children}
      </a>
    </li>
  );
}

function Shortcut({
  keys,
  children,
}: {
  readonly keys: readonly string[];
  readonly children: string;
}): ReactElement {
  return (
    <div>
      <dt>
        {keys.map((key, place) => (
          <kbd key={place}>{key}</kbd>
        ))}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
