import { useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { accessQuery, type Access } from '../api/access.js';
import type { Scope } from '../api/types.js';
import { PageLink } from '../lanes/page-link.js';
import { Loading } from '../ui/loading.js';
import { ErrorMessage } from '../ui/error-message.js';
import { pagesFor } from './navigation.js';

/** Shows its children to users with the scope; others see which scope is missing and which pages they may open. */
export function RequireScope({
  scope,
  title,
  children,
}: {
  readonly scope: Scope;
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  const { data: access, error, refetch } = useQuery(accessQuery());
  if (access?.scopes.includes(scope) === true) {
    return children;
  }
  return (
    <section className="panel stack">
      <h1>{title}</h1>
      {access !== undefined ? (
        <Refused scope={scope} access={access} />
      ) : error === null ? (
        <Loading />
      ) : (
        <ErrorMessage error={error} onRetry={() => void refetch()} />
      )}
    </section>
  );
}

function Refused({ scope, access }: { readonly scope: Scope; readonly access: Access }): ReactElement {
  const { client, scopes } = access;
  return (
    <>
      <p>
        This needs a key with the scope <strong>{scope}</strong>. The one in use{' '}
        {client !== null && <>is of {client} and </>}
        has {scopes.length === 0 ? 'none' : scopes.join(', ')}.
      </p>
      <p className="row">
        {pagesFor(access).map(({ path, name }) => (
          <PageLink key={path} className="button" to={path}>
            {name}
          </PageLink>
        ))}
      </p>
    </>
  );
}
