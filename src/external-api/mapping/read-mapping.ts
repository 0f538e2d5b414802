import { parse } from 'yaml';
import { ConfigError } from '../../platform/config/config-error.js';
import type { Variables } from '../../platform/config/variables.js';
import { AnswerMapper } from './answer-mapper.js';
import { toAnswerSettings } from './answer-settings.js';
import { MappingError } from './mapping-error.js';
import { RequestTemplate } from './request-template.js';
import type { UpstreamMapping } from './upstream-mapping.js';

/** A placeholder in a URL, where braces and blanks may be percent-encoded. */
const PLACEHOLDER_IN_URL = /(?:\{|%7B){2}(?:%20|\s)*(\w+)(?:%20|\s)*(?:\}|%7D){2}/gi;
const HOLDS_PLACEHOLDER = /\{\{\w+\}\}/;

/**
 * Reads the mapping of a lane: its settings `request` and `answer`.
 * @throws ConfigError with the path to the faulty part of a setting.
 */
export function readMapping(
  { EXTERNAL_API_REQUEST, EXTERNAL_API_ANSWER }: Variables,
  url: string,
  lane: string,
): UpstreamMapping {
  const template = toTemplate(url);
  const request = readSetting('EXTERNAL_API_REQUEST', EXTERNAL_API_REQUEST, (value) =>
    value === undefined && !HOLDS_PLACEHOLDER.test(template)
      ? null
      : new RequestTemplate(value ?? {}, template, lane),
  );
  const answer = readSetting('EXTERNAL_API_ANSWER', EXTERNAL_API_ANSWER, (value) => {
    const mapper = value === undefined ? null : new AnswerMapper(toAnswerSettings(value));
    const isPerId = request?.isPerId ?? url.includes('{id}');
    if (mapper !== null && !isPerId && !mapper.isOfSeveralIds) {
      throw new MappingError(['results'], 'is not set: it is the path to the list of results');
    }
    return mapper;
  });
  return { request, answer };
}

/** Writes the placeholders of a URL as they are in other texts. `{id}` is one too. */
function toTemplate(url: string): string {
  return url.replaceAll(PLACEHOLDER_IN_URL, '{{$1}}').replaceAll(/(?<!\{)\{id\}(?!\})/g, '{{id}}');
}

function readSetting<T>(name: string, text: string | undefined, make: (value: unknown) => T): T {
  let value: unknown;
  try {
    value = text === undefined ? undefined : parse(text, { intAsBigInt: true, maxAliasCount: 0 });
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n'); // the others repeat the text, which may be secret
    throw new ConfigError(`${name} must be YAML or JSON: ${line}`, { cause: error });
  }
  try {
    return make(value);
  } catch (error) {
    if (error instanceof MappingError) {
      const at = error.path.length === 0 ? name : `${name}: ${error.path.join('.')}`;
      throw new ConfigError(`${at} ${error.message}`, { cause: error, path: error.path });
    }
    throw error;
  }
}
