import { use, type ComponentType, type ReactElement } from 'react';

/** The code of a page could not be loaded: the service is away, or an upgrade replaced the file. */
export class PageLoadError extends Error {
  override readonly name = 'PageLoadError';

  constructor(
    cause: unknown,
    /** From now on, the page loads anew when it is shown. */
    readonly forget: () => void,
  ) {
    super('the code of this page could not be loaded', { cause });
  }
}

type LazyPage = (() => ReactElement) & { readonly preload: () => Promise<void> };

/**
 * A page whose code is loaded when it is first shown, or ahead by `preload`. The router's own `lazyRouteComponent`
 * reloads the window when a load fails, which leaves nothing at all while the service is away.
 */
export function lazyPage(load: () => Promise<ComponentType>): LazyPage {
  let loading: Promise<ComponentType> | null = null;
  const forget = (): void => {
    loading = null;
  };
  const begin = (): Promise<ComponentType> => {
    // a failure stays until it was shown: React renders again and again while a promise is new
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
