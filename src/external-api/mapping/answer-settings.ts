import { MappingError } from './mapping-error.js';
import { toOptionalText, toSettings, type Settings } from './settings.js';

/** The outcome that a status gives the ids of a request. */
export type StatusMeaning = 'completed' | 'failed' | 'retry' | 'throttled' | 'read';

/** The outcome of an id for which an answer has no result. */
export type MissingMeaning = 'completed' | 'failed' | 'retry';

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
  /** The condition under which an error of a result is permanent. */
  readonly permanent?: string;
  /** The outcome of an id for which the answer has no result; absent for a temporary failure. */
  readonly missing?: MissingMeaning;
  /** When a good status is a failure of the whole call. */
  readonly failed?: {
    readonly when: string;
    /** The path to the message, inside the body. */
    readonly message?: string;
    readonly permanent?: string;
  };
  /** When the whole call was refused because there were too many. */
  readonly throttled?: {
    readonly when: string;
    /** The expression that gives the time to wait. */
    readonly wait?: string;
  };
  /** The meaning of statuses, by the status. */
  readonly status?: Readonly<Record<string, StatusMeaning>>;
}

const TEXTS = ['results', 'id', 'id_pattern', 'data', 'error', 'message', 'permanent'] as const;
const MEANINGS: readonly unknown[] = [
  'completed',
  'failed',
  'retry',
  'throttled',
  'read',
] satisfies StatusMeaning[];
const MISSING: readonly unknown[] = ['completed', 'failed', 'retry'] satisfies MissingMeaning[];
const STATUS = /^[1-5](?:\d\d|xx)$/;

/**
 * Reads the setting `answer`.
 * @throws MappingError if a setting has the wrong kind.
 */
export function toAnswerSettings(value: unknown): AnswerSettings {
  const settings = toSettings(value, [], [...TEXTS, 'missing', 'failed', 'throttled', 'status']);
  for (const name of ['message', 'permanent'] as const) {
    if (settings[name] !== undefined && settings['error'] === undefined) {
      throw new MappingError([name], 'needs error');
    }
  }
  const { missing } = settings;
  if (missing !== undefined && !MISSING.includes(missing)) {
    throw new MappingError(['missing'], `must be one of ${MISSING.join(', ')}`);
  }
  return {
    ...toTexts(settings, TEXTS, []),
    ...(missing !== undefined && { missing: missing as MissingMeaning }),
    ...toGroup(settings, 'failed', ['when', 'message', 'permanent']),
    ...toGroup(settings, 'throttled', ['when', 'wait']),
    ...(settings['status'] !== undefined && { status: toStatuses(settings['status']) }),
  };
}

/** Reads settings below `when`, which must be there. */
function toGroup(settings: Settings, name: string, known: readonly string[]): object {
  if (settings[name] === undefined) {
    return {};
  }
  const group = toSettings(settings[name], [name], known);
  if (group['when'] === undefined) {
    throw new MappingError([name], 'needs when: the condition');
  }
  return { [name]: toTexts(group, known, [name]) };
}

function toTexts(
  settings: Settings,
  names: readonly string[],
  path: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = toOptionalText(settings, name, path);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function toStatuses(value: unknown): Record<string, StatusMeaning> {
  const statuses = toSettings(value, ['status'], null);
  for (const [status, meaning] of Object.entries(statuses)) {
    if (!STATUS.test(status)) {
      throw new MappingError(['status', status], 'is no status such as 404 or 5xx');
    }
    if (!MEANINGS.includes(meaning)) {
      throw new MappingError(['status', status], `must be one of ${MEANINGS.join(', ')}`);
    }
  }
  return statuses as Record<string, StatusMeaning>;
}
