/** What a search text names. */
export type SearchTarget =
  | { readonly kind: 'ingestion'; readonly id: string }
  | { readonly kind: 'mark'; readonly mark: string }
  | { readonly kind: 'label'; readonly label: string };

const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MARK = /^[0-9a-f-]{4,35}$/;

/** Reads a search text; null if it names nothing that can be searched. */
export function toSearchTarget(given: string): SearchTarget | null {
  const text = given.trim();
  const lower = text.toLowerCase();
  if (/^[^=]+=./.test(text)) {
    return { kind: 'label', label: text };
  }
  if (WHOLE_ID.test(lower)) {
    return { kind: 'ingestion', id: lower };
  }
  return MARK.test(lower) ? { kind: 'mark', mark: lower } : null;
}
