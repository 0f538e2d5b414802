import { use, type ComponentType, type ReactElement } from 'react';

/**
 * Reports that the code of a page could not be loaded: the service does not answer, or an upgrade replaced the file.
 */
export class PageLoadError extends Error {
  override readonly name = 'PageLoadError';

  constructor(
    cause: unknown,
    /** Discards the failure, so that the page is loaded again when it is shown. */
    readonly forget: () => void,
  ) {
    super('the code of this page could not be loaded', { cause });
  }
}

type LazyPage = (() => ReactElement) & { readonly preload: () => Promise<void> };

/**
 * Creates a page whose code is loaded when it is first shown, or earlier by `preload`. The router's own
 * `lazyRouteComponent` reloads the window when a load fails, which leaves an empty window while the service does not
 * answer.
 */
export function lazyPage(load: () => Promise<ComponentType>): LazyPage {
  let loading: Promise<ComponentType> | null = null;
  const forget = (): void => {
    loading = null;
  };
  const begin = (): Promise<ComponentType> => {
    // a failed promise is kept until `forget`: with a new promise on every render, React would render endlessly
    loading ??= load().catch((cause: unknown) => {
      throw new PageLoadError(cause, forget);
    });
    return loading;
  };
  const Page = (): ReactElement => {
    const Loaded = use(begin());
    return <Loaded />;
  };
  return Object.assign(Page, {
    preload: async () => {
      await begin().catch(forget);
    },
  });
}
