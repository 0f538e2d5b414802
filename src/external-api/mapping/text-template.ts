import { findNearest } from '../../platform/config/nearest-name.js';
import { MappingError } from './mapping-error.js';

/** The values that a request can be filled with. */
export interface TemplateValues {
  /** The ids of the request, in order. */
  readonly ids: readonly bigint[];
  /** The id at hand: the id of the request, or of an element that is repeated for each id. */
  readonly id: bigint | null;
  readonly dispatchId: string;
  readonly key: string;
  readonly lane: string;
}

/** Each placeholder with the JSON that it gives where it is the whole text. Inside a longer text it is the plain text. */
const PLACEHOLDERS = {
  ids: ({ ids }) => `[${ids.join(',')}]`,
  ids_text: ({ ids }) => `[${ids.map((id) => `"${String(id)}"`).join(',')}]`,
  id: ({ id }) => String(id),
  id_text: ({ id }) => `"${String(id)}"`,
  dispatch_id: ({ dispatchId }) => JSON.stringify(dispatchId),
  key: ({ key }) => JSON.stringify(key),
  lane: ({ lane }) => JSON.stringify(lane),
} satisfies Readonly<Record<string, (values: TemplateValues) => string>>;

export type PlaceholderName = keyof typeof PLACEHOLDERS;

const NAMES = Object.keys(PLACEHOLDERS);
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

/** A text with placeholders such as `{{ids}}`. */
export class TextTemplate {
  readonly placeholders: ReadonlySet<PlaceholderName>;
  /** The texts around the placeholders. */
  readonly literals: readonly string[];
  private readonly names: readonly PlaceholderName[];

  /**
   * `path` names the setting that holds the text.
   * @throws MappingError if a placeholder is not known.
   */
  constructor(
    readonly source: string,
    path: readonly string[],
  ) {
    this.names = [...source.matchAll(PLACEHOLDER)].map(([, name = '']) => toName(name, path));
    this.literals = source.split(PLACEHOLDER).filter((_, i) => i % 2 === 0);
    this.placeholders = new Set(this.names);
  }

  /** True if the text differs from id to id. */
  get isOfOneId(): boolean {
    return this.placeholders.has('id') || this.placeholders.has('id_text');
  }

  /** Fills the placeholders with plain texts; several ids have commas between them. */
  toText(values: TemplateValues): string {
    return this.literals.reduce((text, literal, i) => {
      const name = this.names[i];
      return text + literal + (name === undefined ? '' : toPlainText(name, values));
    }, '');
  }

  /** Fills the placeholders. Returns JSON: a text that is one placeholder becomes its value, such as a list of numbers. */
  toJson(values: TemplateValues): string {
    const [only, ...more] = this.names;
    const isWhole = only !== undefined && more.length === 0 && this.literals.join('').trim() === '';
    return isWhole ? PLACEHOLDERS[only](values) : JSON.stringify(this.toText(values));
  }
}

function toPlainText(name: PlaceholderName, values: TemplateValues): string {
  switch (name) {
    case 'ids':
    case 'ids_text':
      return values.ids.join(',');
    case 'id':
    case 'id_text':
      return String(values.id);
    case 'dispatch_id':
      return values.dispatchId;
    case 'key':
      return values.key;
    case 'lane':
      return values.lane;
  }
}

function toName(name: string, path: readonly string[]): PlaceholderName {
  if (Object.hasOwn(PLACEHOLDERS, name)) {
    return name as PlaceholderName;
  }
  const nearest = findNearest(name, NAMES);
  const hint = nearest === undefined ? `; there are ${NAMES.join(', ')}` : `; did you mean {{${nearest}}}?`;
  throw new MappingError(path, `{{${name}}} is not known${hint}`);
}
