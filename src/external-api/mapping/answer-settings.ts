import { MappingError } from './mapping-error.js';
import { toOptionalText, toSettings } from './settings.js';

/** The answer of a lane, as the setting `answer` describes it: plain data that a thread can receive. */
export interface AnswerSettings {
  /** The path to the list of results; absent if the whole body is the result of one id. */
  readonly results?: string;
  /** The path to the id, inside a result. */
  readonly id?: string;
  /** A text around the id, such as `gid://shop/Product/{{id}}`. */
  readonly id_pattern?: string;
  /** The path to the data, inside a result; absent for the whole result. */
  readonly data?: string;
  /** The path to the error, inside a result. */
  readonly error?: string;
  /** The path to the message, inside the error. */
  readonly message?: string;
}

const PATHS = ['results', 'id', 'id_pattern', 'data', 'error', 'message'] as const;

/**
 * Reads the setting `answer`.
 * @throws MappingError if a setting has the wrong kind.
 */
export function toAnswerSettings(value: unknown): AnswerSettings {
  const settings = toSettings(value, [], PATHS);
  const texts = PATHS.map((name) => [name, toOptionalText(settings, name, [])] as const);
  const answer: AnswerSettings = Object.fromEntries(texts.filter(([, text]) => text !== undefined));
  if (answer.message !== undefined && answer.error === undefined) {
    throw new MappingError(['message'], 'needs error: it is a path inside the error');
  }
  return answer;
}
