import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Pair, type YAMLMap } from 'yaml';
import { ConfigError } from './config-error.js';
import { toLaneEnvironment, whyNoLaneName, type LaneEntry } from './lane-entry.js';
import type { Environment } from './read-variables.js';
import { findNearest } from './nearest-name.js';
import { LANE_VARIABLES, type VariableName } from './variables.js';

/** Is called with each fault of the file. If it returns, the part of the file that has the fault is left out. */
export type ReportFault = (fault: ConfigError) => void;

/**
 * Reads a lanes file. The values of its settings are not checked yet. Without `report` the first fault is thrown.
 * @throws ConfigError with the file, the line and the reason.
 */
export function readLanesFile(
  path: string,
  environment: Environment,
  report: ReportFault = throwFault,
): LaneEntry[] {
  return attempt(() => readLanes(path, environment, report), report);
}

function readLanes(path: string, environment: Environment, report: ReportFault): LaneEntry[] {
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
  const toEntry = (lane: Pair): LaneEntry => {
    const offset = toOffset(lane);
    const name = toKey(lane);
    const why = whyNoLaneName(name);
    if (why !== null) {
      fail(offset, why);
    }
    const settings = isMap(lane.value) ? lane.value : fail(offset, `lane ${name} holds no settings`);
    return toLane(name, settings, { environment, at, fail, report });
  };
  return only.value.items.flatMap((lane) => attempt(() => [toEntry(lane)], report));
}

function throwFault(fault: ConfigError): never {
  throw fault;
}

/** Returns the result of `work`, or nothing if it has a fault. */
function attempt<T>(work: () => T[], report: ReportFault): T[] {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ConfigError)) {
      throw error;
    }
    report(error);
    return [];
  }
}

interface ParseContext {
  readonly environment: Environment;
  readonly at: (offset: number) => string;
  readonly fail: (offset: number, why: string) => never;
  readonly report: ReportFault;
}

function toLane(name: string, settings: YAMLMap, { environment, at, fail, report }: ParseContext): LaneEntry {
  const own: Record<string, string> = {};
  const offsets = new Map<string, number>();
  const toVariable = (item: Pair): readonly [VariableName, string] => {
    const key = toKey(item);
    const variable = LANE_VARIABLES.get(key);
    if (variable === undefined) {
      const nearest = findNearest(key, [...LANE_VARIABLES.keys()]);
      const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      return fail(toOffset(item), `lane ${name} has no setting ${JSON.stringify(key)}${hint}`);
    }
    return [
      variable,
      toText(item) ?? fail(toOffset(item), `lane ${name}: ${key} has no value that can be used`),
    ];
  };
  for (const item of settings.items) {
    for (const [variable, value] of attempt(() => [toVariable(item)], report)) {
      own[variable] = value;
      offsets.set(variable, toOffset(item));
    }
  }
  const locate = (variable = ''): string => at(offsets.get(variable) ?? settings.range?.[0] ?? 0);
  return {
    name,
    own,
    locate,
    environment: toLaneEnvironment(environment, own),
    explain: ({ message }) => {
      const variable = [...offsets.keys()].find((each) => message.includes(each));
      return new ConfigError(`${locate(variable)}: lane ${name}: ${toFileTerms(message)}`);
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
  if (isMap(value) || (isSeq(value) && value.items.some(isMap))) {
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
