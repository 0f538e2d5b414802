/** Returns the title of the tab: the page or the list that it shows, and the lane. */
export function titleOf(
  page: string | undefined,
  { list, lane }: { readonly list: string | null; readonly lane: string | null },
): string {
  const shown = list === null ? page : `Ingestion ${list}`;
  return [shown, lane, 'Sluice'].filter((part) => typeof part === 'string').join(' · ');
}
