/** The labels of a list: values by name. */
export type Labels = Readonly<Record<string, string>>;

export const MAX_LABELS = 8;
export const MAX_LABEL_NAME_LENGTH = 63;
export const MAX_LABEL_VALUE_LENGTH = 128;

const NAME = new RegExp(`^[A-Za-z][A-Za-z0-9_.-]{0,${String(MAX_LABEL_NAME_LENGTH - 1)}}$`);
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Completes the message "labels must have …". */
export const LABEL_RULE =
  `names of 1 to ${String(MAX_LABEL_NAME_LENGTH)} letters, digits, "_", "." or "-" that begin with a letter, ` +
  `and values of 1 to ${String(MAX_LABEL_VALUE_LENGTH)} characters without control characters`;

/** Returns true if the name and the value follow {@link LABEL_RULE}. */
export function isLabel(name: string, value: string): boolean {
  return (
    NAME.test(name) &&
    value.length >= 1 &&
    value.length <= MAX_LABEL_VALUE_LENGTH &&
    !CONTROL_CHARACTER.test(value) &&
    value.isWellFormed()
  );
}

/** Splits `name=value` at its first `=`; null if it is not a label. No name contains `=`. */
export function parseLabel(text: string): readonly [string, string] | null {
  const end = text.indexOf('=');
  const name = text.slice(0, Math.max(end, 0));
  const value = text.slice(end + 1);
  return end > 0 && isLabel(name, value) ? [name, value] : null;
}

/** Writes a label as `name=value`, the form in which stores index it. */
export function formatLabel([name, value]: readonly [string, string]): string {
  return `${name}=${value}`;
}

/** Writes labels as JSON, sorted by name: equal labels have equal texts. Returns null if there are none. */
export function toLabelsJson(labels: Labels | undefined): string | null {
  const sorted = Object.entries(labels ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.length === 0 ? null : JSON.stringify(Object.fromEntries(sorted));
}

/** Reads what {@link toLabelsJson} wrote; null for null. */
export function fromLabelsJson(json: string | null): Labels | null {
  return json === null ? null : (JSON.parse(json) as Labels);
}

/** Does the same, as a field that is absent for null. */
export function toLabelsField(json: string | null): { readonly labels?: Labels } {
  const labels = fromLabelsJson(json);
  return labels === null ? {} : { labels };
}
