import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { ConfigError } from './config-error.js';
import { toLaneEnvironment, whyNoLaneName, type LaneEntry } from './lane-entry.js';
import type { Environment } from './read-variables.js';
import { LANE_VARIABLES } from './variables.js';

/**
 * Reads a lanes file. The values of its settings are not checked yet.
 * @throws ConfigError with the file, the line and the reason.
 */
export function readLanesFile(path: string, environment: Environment): LaneEntry[] {
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
  if (only === undefined || more.length > 0 || toKey(only) !== 'lanes' || !isMap(only.value)) {
    return fail(0, 'must hold nothing but lanes, by their names');
  }
  return only.value.items.map((lane) => {
    const offset = toOffset(lane);
    const name = toKey(lane);
    const why = whyNoLaneName(name);
    if (why !== null) {
      fail(offset, why);
    }
    const settings = isMap(lane.value) ? lane.value : fail(offset, `lane ${name} holds no settings`);
    return toLane(name, settings, { environment, at, fail });
  });
}

interface ParseContext {
  readonly environment: Environment;
  readonly at: (offset: number) => string;
  readonly fail: (offset: number, why: string) => never;
}

function toLane(name: string, settings: YAMLMap, { environment, at, fail }: ParseContext): LaneEntry {
  const own: Record<string, string> = {};
  const offsets = new Map<string, number>();
  for (const item of settings.items) {
    const key = toKey(item);
    const variable = LANE_VARIABLES.get(key);
    if (variable === undefined) {
      return fail(toOffset(item), `lane ${name} has no setting ${JSON.stringify(key)}`);
    }
    own[variable] =
      toText(item) ?? fail(toOffset(item), `lane ${name}: ${key} has no value that can be used`);
    offsets.set(variable, toOffset(item));
  }
  return {
    name,
    environment: toLaneEnvironment(environment, own),
    explain: ({ message }) => {
      const variable = [...offsets.keys()].find((each) => message.includes(each));
      const where = at(offsets.get(variable ?? '') ?? settings.range?.[0] ?? 0);
      return new ConfigError(`${where}: lane ${name}: ${toFileTerms(message)}`);
    },
  };
}

/** Replaces the names of variables by the names of settings in the file. */
function toFileTerms(message: string): string {
  return [...LANE_VARIABLES].reduce(
    (text, [setting, variable]) => text.replaceAll(variable, setting),
    message,
  );
}

/** Converts a setting to the text of a variable. Returns undefined if it has no value. */
function toText({ value }: Pair): string | undefined {
  if (isMap(value)) {
    return JSON.stringify(value.toJSON());
  }
  const scalar = isScalar(value) ? value.value : undefined;
  return typeof scalar === 'string' || typeof scalar === 'number' ? String(scalar) : undefined;
}

function toKey({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function toOffset({ key }: Pair): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`LANES_FILE cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
