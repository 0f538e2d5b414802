import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { ConfigError } from './config.js';

/** What a lane may set, and the variable that it stands for. */
const VARIABLE_OF: Readonly<Record<string, string>> = {
  url: 'EXTERNAL_API_URL',
  method: 'EXTERNAL_API_METHOD',
  headers: 'EXTERNAL_API_HEADERS',
  token_file: 'EXTERNAL_API_TOKEN_FILE',
  ca_file: 'EXTERNAL_API_CA_FILE',
  max_answer: 'EXTERNAL_API_MAX_ANSWER',
  timeout: 'EXTERNAL_API_TIMEOUT',
  batch_size: 'BATCH_SIZE',
  batch_delay: 'BATCH_DELAY',
  max_in_flight: 'MAX_IN_FLIGHT',
  max_attempts: 'MAX_ATTEMPTS',
  retry_base: 'RETRY_BASE',
  retry_max: 'RETRY_MAX',
  retry_after_max: 'RETRY_AFTER_MAX',
  breaker_threshold: 'BREAKER_THRESHOLD',
  breaker_cooldown: 'BREAKER_COOLDOWN',
};

/** Of one upstream: what the environment says of its own is never sent to another. */
const OF_ONE_UPSTREAM = ['METHOD', 'HEADERS', 'TOKEN_FILE', 'CA_FILE'].map((name) => `EXTERNAL_API_${name}`);
const LANE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** A lane as the file has it: the environment's variables with its own in their place. */
export interface LaneInFile {
  readonly name: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The error with the file and the line of what it is about. */
  readonly explain: (error: ConfigError) => ConfigError;
}

/**
 * Reads a file of lanes; what is in them is not checked yet.
 * @throws ConfigError with the file, the line and the reason.
 */
export function readLanesFile(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): LaneInFile[] {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${path}:${String(lines.linePos(offset).line)}`;
  const fail = (offset: number, why: string): never => {
    throw new ConfigError(`${at(offset)}: ${why}`);
  };
  const [broken] = document.errors;
  if (broken !== undefined) {
    return fail(broken.pos[0], broken.message);
  }
  const root = document.contents;
  const [only, ...more] = isMap(root) ? root.items : [];
  if (only === undefined || more.length > 0 || nameOf(only) !== 'lanes' || !isMap(only.value)) {
    return fail(0, 'must hold nothing but lanes, by their names');
  }
  return only.value.items.map((lane) => {
    const offset = offsetOf(lane);
    const name = nameOf(lane);
    if (!LANE_NAME.test(name)) {
      fail(offset, `${JSON.stringify(name)} is no name for a lane: a-z, 0-9, _ and -, at most 63`);
    }
    const settings = isMap(lane.value) ? lane.value : fail(offset, `lane ${name} holds no settings`);
    return toLane(name, settings, { environment, at, fail });
  });
}

interface Reading {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly at: (offset: number) => string;
  readonly fail: (offset: number, why: string) => never;
}

function toLane(name: string, settings: YAMLMap, { environment, at, fail }: Reading): LaneInFile {
  const own: Record<string, string> = {};
  const offsets = new Map<string, number>();
  for (const item of settings.items) {
    const key = nameOf(item);
    const variable = VARIABLE_OF[key];
    if (variable === undefined) {
      return fail(offsetOf(item), `lane ${name} has no setting ${JSON.stringify(key)}`);
    }
    own[variable] =
      toText(item) ?? fail(offsetOf(item), `lane ${name}: ${key} has no value that it could have`);
    offsets.set(variable, offsetOf(item));
  }
  const inherited = { ...environment };
  if (own['EXTERNAL_API_URL'] !== undefined) {
    OF_ONE_UPSTREAM.forEach((variable) => {
      inherited[variable] = undefined;
    });
  }
  return {
    name,
    variables: { ...inherited, ...own },
    explain: ({ message }) => {
      const variable = [...offsets.keys()].find((each) => message.includes(each));
      const where = at(offsets.get(variable ?? '') ?? settings.range?.[0] ?? 0);
      return new ConfigError(`${where}: lane ${name}: ${inWordsOfFile(message)}`);
    },
  };
}

function inWordsOfFile(message: string): string {
  return Object.entries(VARIABLE_OF).reduce(
    (text, [key, variable]) => text.replaceAll(variable, key),
    message,
  );
}

/** As a variable would have it; undefined where none could. */
function toText({ value }: Pair): string | undefined {
  if (isMap(value)) {
    return JSON.stringify(value.toJSON());
  }
  const scalar = isScalar(value) ? value.value : undefined;
  return typeof scalar === 'string' || typeof scalar === 'number' ? String(scalar) : undefined;
}

function nameOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function offsetOf({ key }: Pair): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`LANES_FILE cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
