/** A member of a List or a Dictionary of Structured Fields (RFC 9651). */
export interface StructuredMember {
  /** The key of a Dictionary's member; undefined for a member of a List. */
  readonly key: string | undefined;
  /** The item as text; a string without its quotes. */
  readonly value: string;
  /** The parameters as text, by their key. */
  readonly parameters: ReadonlyMap<string, string>;
}

const KEY = String.raw`[a-z*][a-z0-9_.*-]*`;
const STRING = String.raw`"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"`;
const TOKEN = String.raw`[A-Za-z*][!#$%&'*+.^_\x60|~0-9A-Za-z:/-]*`;
const NUMBER = String.raw`-?\d{1,15}(?:\.\d{1,3})?`;
const OTHER = String.raw`:[A-Za-z0-9+/=]*:|\?[01]|@-?\d{1,15}|%"[\x20\x21\x23-\x7e]*"`;
const ITEM = `${STRING}|${TOKEN}|${NUMBER}|${OTHER}`;

const MEMBER = new RegExp(`(?:(${KEY})=)?(${ITEM})`, 'y');
const PARAMETER = new RegExp(`; *(${KEY})(?:=(${ITEM}))?`, 'y');
const COMMA = /[ \t]*,[ \t]*/y;

/**
 * Parses a List or a Dictionary of Structured Fields without inner lists. Returns undefined if the text is malformed: a
 * field is valid as a whole or not at all.
 */
export function parseStructuredList(text: string): readonly StructuredMember[] | undefined {
  const input = text.trim();
  const members: StructuredMember[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(input);
    at += match?.[0].length ?? 0;
    return match;
  };
  do {
    const member = next(MEMBER);
    if (member === null) {
      return undefined;
    }
    const parameters = new Map<string, string>();
    for (let match = next(PARAMETER); match !== null; match = next(PARAMETER)) {
      parameters.set(match[1] ?? '', unquote(match[2] ?? '?1'));
    }
    members.push({ key: member[1], value: unquote(member[2] ?? ''), parameters });
  } while (next(COMMA) !== null);
  return at === input.length ? members : undefined;
}

function unquote(item: string): string {
  return item.startsWith('"') ? item.slice(1, -1).replaceAll(/\\(.)/g, '$1') : item;
}
