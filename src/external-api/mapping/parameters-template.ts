import { compileElements, type BodyTemplate, type PlacedText } from './body-template.js';
import { MappingError } from './mapping-error.js';
import { toSettings } from './settings.js';
import { TextTemplate, type TemplateValues } from './text-template.js';

type Pairs = readonly (readonly [string, string])[];

/** Names with values, for a query or a form. */
export interface ParametersTemplate {
  readonly texts: readonly PlacedText[];
  readonly render: (values: TemplateValues) => Pairs;
}

/**
 * Compiles a query or a form. A list gives its name once for each element; an element with `{{id}}` is repeated for each id.
 * @throws MappingError if a value is neither a text, a number, a boolean nor a list of them, or a placeholder is not known.
 */
export function compileParameters(value: unknown, path: readonly string[]): ParametersTemplate {
  const compiled = Object.entries(toSettings(value, path, null)).map(([name, each]) => {
    const at = [...path, name];
    if (Array.isArray(each)) {
      const { texts, render } = compileElements(each, at, compileValue);
      return { texts, render: (values: TemplateValues): Pairs => render(values).map((text) => [name, text]) };
    }
    const { texts, render } = compileValue(each, at);
    return { texts, render: (values: TemplateValues): Pairs => [[name, render(values)]] };
  });
  return {
    texts: compiled.flatMap(({ texts }) => texts),
    render: (values) => compiled.flatMap(({ render }) => render(values)),
  };
}

/**
 * Compiles one value as plain text.
 * @throws MappingError as {@link compileParameters}.
 */
export function compileValue(value: unknown, path: readonly string[]): BodyTemplate {
  if (!['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
    throw new MappingError(path, 'must be a text, a number, true or false');
  }
  const text = new TextTemplate(String(value), path);
  const name = path.findLast((each) => !/^\d+$/.test(each)) ?? '';
  return { texts: [{ text, name, isRepeated: false }], render: (values) => text.toText(values) };
}
