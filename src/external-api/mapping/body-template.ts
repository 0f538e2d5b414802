import { toExactJson } from '../../domain/exact-json.js';
import { MappingError } from './mapping-error.js';
import { TextTemplate, type TemplateValues } from './text-template.js';

/** A text with its place in the settings. */
export interface PlacedText {
  readonly text: TextTemplate;
  /** The name of the value that holds it. */
  readonly name: string;
  /** True if it is in an element that is repeated for each id. */
  readonly isRepeated: boolean;
}

/** A value of JSON with placeholders in its texts. */
export interface BodyTemplate {
  readonly texts: readonly PlacedText[];
  /** Fills the placeholders. Returns JSON. */
  readonly render: (values: TemplateValues) => string;
}

/**
 * Compiles a value of JSON. An element of a list that holds `{{id}}` is repeated for each id of the request.
 * @throws MappingError if a placeholder is not known, or a value cannot be written as JSON.
 */
export function compileBody(value: unknown, path: readonly string[]): BodyTemplate {
  if (typeof value === 'string') {
    const text = new TextTemplate(value, path);
    return {
      texts: [{ text, name: path.findLast((name) => !/^\d+$/.test(name)) ?? '', isRepeated: false }],
      render: (values) => text.toJson(values),
    };
  }
  if (Array.isArray(value)) {
    return compileList(value, path);
  }
  if (typeof value === 'object' && value !== null) {
    return compileObject(value, path);
  }
  const json = toJson(value, path);
  return { texts: [], render: () => json };
}

/**
 * Compiles the elements of a list. The function of each element returns its text once, or once for each id.
 * @throws MappingError as {@link compileBody}.
 */
export function compileElements(
  elements: readonly unknown[],
  path: readonly string[],
  compile: (element: unknown, path: readonly string[]) => BodyTemplate = compileBody,
): { readonly texts: readonly PlacedText[]; readonly render: (values: TemplateValues) => string[] } {
  const compiled = elements.map((element, i) => repeatForIds(compile(element, [...path, String(i)])));
  return {
    texts: compiled.flatMap(({ texts }) => texts),
    render: (values) => compiled.flatMap(({ render }) => render(values)),
  };
}

function repeatForIds({ texts, render }: BodyTemplate): {
  readonly texts: readonly PlacedText[];
  readonly render: (values: TemplateValues) => string[];
} {
  return isOfOneId(texts)
    ? {
        texts: texts.map((each) => ({ ...each, isRepeated: true })),
        render: (values) => values.ids.map((id) => render({ ...values, id })),
      }
    : { texts, render: (values) => [render(values)] };
}

/** Tells whether the texts differ from id to id. */
function isOfOneId(texts: readonly PlacedText[]): boolean {
  return texts.some(({ text, isRepeated }) => text.isOfOneId && !isRepeated);
}

function compileList(value: readonly unknown[], path: readonly string[]): BodyTemplate {
  const { texts, render } = compileElements(value, path);
  return { texts, render: (values) => `[${render(values).join(',')}]` };
}

function compileObject(value: object, path: readonly string[]): BodyTemplate {
  const members = Object.entries(value).map(([name, member]) => ({
    key: JSON.stringify(name),
    body: compileBody(member, [...path, name]),
  }));
  return {
    texts: members.flatMap(({ body }) => body.texts),
    render: (values) => `{${members.map(({ key, body }) => `${key}:${body.render(values)}`).join(',')}}`,
  };
}

function toJson(value: unknown, path: readonly string[]): string {
  const json = toExactJson(value);
  if (json === null || (json === 'null' && value !== null)) {
    throw new MappingError(path, 'cannot be written as JSON');
  }
  return json;
}
