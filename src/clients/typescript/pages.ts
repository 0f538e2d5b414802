/**
 * Yields the items of all pages, and fetches each page when it is needed. A page may be empty although others follow.
 * @throws like `fetchPage`.
 */
export async function* iteratePages<Page extends { readonly next: string | null }, Item>(
  fetchPage: (after: string | undefined) => Promise<Page>,
  toItems: (page: Page) => readonly Item[],
): AsyncGenerator<Item, undefined> {
  let after: string | undefined;
  do {
    const page = await fetchPage(after);
    yield* toItems(page);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return undefined;
}
