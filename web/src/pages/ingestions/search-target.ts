/** The thing that a search text names. */
export type SearchTarget =
  | { readonly kind: 'ingestion'; readonly id: string }
  | { readonly kind: 'mark'; readonly mark: string }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'label'; readonly label: string };

const WHOLE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ID = /^[1-9]\d{0,19}$/;
const MARK = /^[0-9a-f-]{4,35}$/;

/** Returns whether a text may be the beginning or the end of an ingestion id. */
export function isMark(text: string): boolean {
  return MARK.test(text);
}

/** Reads a search text; digits alone are an id. null if it names nothing that can be searched. */
export function toSearchTarget(given: string): SearchTarget | null {
  const text = given.trim();
  const lower = text.toLowerCase();
  if (/^[^=]+=./.test(text)) {
    return { kind: 'label', label: text };
  }
  if (WHOLE_ID.test(lower)) {
    return { kind: 'ingestion', id: lower };
  }
  if (ID.test(text)) {
    return { kind: 'id', id: text };
  }
  return isMark(lower) ? { kind: 'mark', mark: lower } : null;
}
