import { validateHeaderName, validateHeaderValue } from 'node:http';
import { compileBody, type BodyTemplate, type PlacedText } from './body-template.js';
import { compileParameters, compileValue, type ParametersTemplate } from './parameters-template.js';
import { isPerIdRequest } from './is-per-id.js';
import { MappingError } from './mapping-error.js';
import { toSettings } from './settings.js';
import { TextTemplate, type TemplateValues } from './text-template.js';

const KNOWN = ['query', 'headers', 'json', 'form'];
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** A request that is ready to be sent. */
export interface RenderedRequest {
  readonly url: string;
  /** Empty if there is no body. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A text that is sent as it stands. The upstream may echo it. */
export interface SentText {
  readonly name: string;
  readonly text: string;
}

/** The values of one request. */
export type RequestValues = Pick<TemplateValues, 'ids' | 'dispatchId' | 'key'>;

/** The request of a lane, as its settings `url` and `request` describe it. */
export class RequestTemplate {
  /** True if each id has a request of its own. */
  readonly isPerId: boolean;
  readonly hasBody: boolean;
  /** The headers of the template by their names in lower case, with the texts that are sent as they stand. */
  readonly headers: readonly SentText[];
  /** The same of the query and the body, with the names of their values. */
  readonly parameters: readonly SentText[];
  private readonly url: TextTemplate;
  private readonly query: ParametersTemplate | null;
  private readonly headerTemplates: ReadonlyMap<string, BodyTemplate>;
  private readonly json: BodyTemplate | null;
  private readonly form: ParametersTemplate | null;

  /** @throws MappingError if a setting is not valid, or the request holds no id. */
  constructor(
    value: unknown,
    url: string,
    private readonly lane: string,
  ) {
    const settings = toSettings(value, [], KNOWN);
    if (settings['json'] !== undefined && settings['form'] !== undefined) {
      throw new MappingError(['form'], 'cannot be set together with json');
    }
    this.url = new TextTemplate(url, []);
    this.query = settings['query'] === undefined ? null : compileParameters(settings['query'], ['query']);
    this.form = settings['form'] === undefined ? null : compileParameters(settings['form'], ['form']);
    this.json = settings['json'] === undefined ? null : compileBody(settings['json'], ['json']);
    this.headerTemplates = compileHeaders(settings['headers'] ?? {});
    this.hasBody = this.json !== null || this.form !== null;
    const texts = this.texts();
    this.isPerId = isPerIdRequest(url, value);
    this.headers = [...this.headerTemplates].flatMap(([name, template]) => toSentTexts(template.texts, name));
    this.parameters = [this.query, this.form, this.json].flatMap((part) => toSentTexts(part?.texts ?? []));
    if (!texts.some(({ text }) => holdsIds(text))) {
      throw new MappingError(
        [],
        'holds no id: one of {{ids}}, {{ids_text}}, {{id}} and {{id_text}} must be in it',
      );
    }
  }

  /** Fills the template. */
  render({ ids, dispatchId, key }: RequestValues): RenderedRequest {
    const values = { ids, id: this.isPerId ? (ids[0] ?? null) : null, dispatchId, key, lane: this.lane };
    const headers = [...this.headerTemplates].map(([name, { render }]) => [name, render(values)] as const);
    const { body, type } = this.renderBody(values);
    return {
      url: withQuery(this.url.toText(values), this.query?.render(values) ?? []),
      body,
      headers: { ...(type !== null && { 'content-type': type }), ...Object.fromEntries(headers) },
    };
  }

  private renderBody(values: TemplateValues): { readonly body: string; readonly type: string | null } {
    if (this.form !== null) {
      const pairs = this.form.render(values).map(([name, text]) => [name, text]);
      return { body: new URLSearchParams(pairs).toString(), type: FORM_TYPE };
    }
    return this.json === null
      ? { body: '', type: null }
      : { body: this.json.render(values), type: 'application/json' };
  }

  private texts(): PlacedText[] {
    return [
      { text: this.url, name: 'url', isRepeated: false },
      ...(this.query?.texts ?? []),
      ...[...this.headerTemplates.values()].flatMap(({ texts }) => texts),
      ...(this.form?.texts ?? []),
      ...(this.json?.texts ?? []),
    ];
  }
}

/** @throws MappingError if a header is not valid, or is set twice. */
function compileHeaders(value: unknown): ReadonlyMap<string, BodyTemplate> {
  const headers = new Map<string, BodyTemplate>();
  for (const [name, text] of Object.entries(toSettings(value, ['headers'], null))) {
    const path = ['headers', name];
    const template = compileValue(text, path);
    try {
      validateHeaderName(name);
      validateHeaderValue(name, String(text));
    } catch {
      throw new MappingError(path, 'is no header, or its value is not valid');
    }
    if (headers.has(name.toLowerCase())) {
      throw new MappingError(path, 'is set twice');
    }
    headers.set(name.toLowerCase(), template);
  }
  return headers;
}

function toSentTexts(texts: readonly PlacedText[], name?: string): SentText[] {
  return texts.flatMap((placed) => placed.text.literals.map((text) => ({ name: name ?? placed.name, text })));
}

function holdsIds({ placeholders, isOfOneId: isOfEach }: TextTemplate): boolean {
  return isOfEach || placeholders.has('ids') || placeholders.has('ids_text');
}

/** Adds parameters to a URL. Commas stay as they are, as lists of ids in a query need it. */
function withQuery(url: string, pairs: readonly (readonly [string, string])[]): string {
  const query = pairs.map(([name, text]) => `${encode(name)}=${encode(text)}`).join('&');
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%2C', ',');
}
