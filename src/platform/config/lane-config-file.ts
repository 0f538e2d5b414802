import { readFileSync } from 'node:fs';
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  Pair,
  parseDocument,
  type Document,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { toExactJson } from '../../domain/exact-json.js';
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
  const document = parseDocument(readText(path), {
    lineCounter: lines,
    prettyErrors: false,
    intAsBigInt: true, // integers of any size stay exact
  });
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
    return toLane(name, settings, { environment, document, at, fail, report });
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
  readonly document: Document.Parsed;
  readonly at: (offset: number) => string;
  readonly fail: (offset: number, why: string) => never;
  readonly report: ReportFault;
}

function toLane(
  name: string,
  settings: YAMLMap,
  { environment, document, at, fail, report }: ParseContext,
): LaneEntry {
  const own: Record<string, string> = {};
  const items = new Map<string, Pair>();
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
      toText(item, document) ?? fail(toOffset(item), `lane ${name}: ${key} has no value that can be used`),
    ];
  };
  for (const item of settings.items) {
    for (const [variable, value] of attempt(() => [toVariable(item)], report)) {
      own[variable] = value;
      items.set(variable, item);
    }
  }
  const locate = (variable = '', setting: readonly string[] = []): string => {
    const item = items.get(variable);
    return at(item === undefined ? (settings.range?.[0] ?? 0) : toOffset(findNested(item, setting)));
  };
  return {
    name,
    own,
    locate,
    environment: toLaneEnvironment(environment, own),
    explain: ({ message, path }) => {
      const variable = [...items.keys()].find((each) => message.includes(each));
      return new ConfigError(`${locate(variable, path)}: lane ${name}: ${toFileTerms(message)}`);
    },
  };
}

/** Returns the setting inside another one that the names of `path` lead to, as far as the file has it. */
function findNested(item: Pair, path: readonly string[]): Pair {
  const [name, ...rest] = path;
  const { value } = item;
  if (name === undefined) {
    return item;
  }
  if (isSeq(value)) {
    const element = value.items[Number(name)];
    return element === undefined ? item : findNested(new Pair(element, element), rest);
  }
  const nested = isMap(value) ? value.items.find((each) => toKey(each) === name) : undefined;
  return nested === undefined ? item : findNested(nested, rest);
}

/** Replaces the names of variables by the names of settings in the file. */
export function toFileTerms(message: string): string {
  return [...LANE_VARIABLES].reduce(
    (text, [setting, variable]) => text.replaceAll(variable, setting),
    message,
  );
}

/** Converts a setting to the text of a variable. Returns undefined if it has no value. */
function toText({ value }: Pair, document: Document.Parsed): string | undefined {
  if (isMap(value) || (isSeq(value) && (value.items.some(isMap) || isListOfWords(value)))) {
    return toExactJson(value.toJS(document)) ?? undefined;
  }
  const scalar = isScalar(value) ? value.value : undefined;
  return ['string', 'number', 'bigint'].includes(typeof scalar) ? String(scalar) : undefined;
}

/** Returns true for a list such as `[HIGH, MEDIUM]`. */
function isListOfWords({ items }: YAMLSeq): boolean {
  return items.length > 0 && items.every((item) => isScalar(item) && typeof item.value === 'string');
}

function toKey({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function toOffset({ key }: Pair): number {
  return isNode(key) ? (key.range?.[0] ?? 0) : 0;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`LANES_FILE cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
