/**
 * A path to a value inside JSON. A worker thread runs this file without compilation: only erasable syntax is allowed.
 */
import { JsonScanner } from '../json/json-scanner.ts';
import { MappingError } from './mapping-error.ts';

/** A step: `name`, `"any name"` or `[3]`. */
const STEP = /\[(\d{1,9})\]|\.?(?:"([^"]*)"|([^.[\]"\s]+))/y;
const WHOLE = '@';

/** Finds a value in JSON by names and places, such as `data.nodes[0].id`. `@` is the whole value. */
export class ResultPath {
  readonly source: string;
  private readonly steps: readonly (string | number)[];

  /**
   * `path` names the setting that holds it.
   * @throws MappingError if `source` is no path.
   */
  constructor(source: string, path: readonly string[]) {
    this.source = source;
    this.steps = source.trim() === WHOLE ? [] : toSteps(source.trim(), path);
  }

  /**
   * Returns the source text of the value, without the blanks between tokens; undefined if there is none. `json` must be
   * valid. If a name occurs more than once, the last one counts.
   */
  find(json: string): string | undefined {
    let found: string | undefined = json;
    for (const step of this.steps) {
      if (found === undefined) {
        return undefined;
      }
      found = typeof step === 'number' ? elementOf(found, step) : memberOf(found, step);
    }
    return this.steps.length === 0 ? new JsonScanner(json).value() : found;
  }
}

function toSteps(source: string, path: readonly string[]): (string | number)[] {
  const steps: (string | number)[] = [];
  if (source === '') {
    throw new MappingError(path, 'must not be empty');
  }
  STEP.lastIndex = 0;
  while (STEP.lastIndex < source.length) {
    const at = STEP.lastIndex;
    const [step, place, quoted, name] = STEP.exec(source) ?? [];
    const isFirst = at === 0;
    if (step === undefined || (isFirst === step.startsWith('.') && !step.startsWith('['))) {
      throw new MappingError(
        path,
        `${JSON.stringify(source)} is no path: names with dots between them, [0] for an element, or @`,
      );
    }
    steps.push(place === undefined ? (quoted ?? name ?? '') : Number(place));
  }
  return steps;
}

function memberOf(json: string, name: string): string | undefined {
  const scanner = new JsonScanner(json);
  if (scanner.next !== '{') {
    return undefined;
  }
  let found: string | undefined;
  for (const key of scanner.members()) {
    const value = scanner.value();
    found = key === name ? value : found;
  }
  return found;
}

function elementOf(json: string, place: number): string | undefined {
  const scanner = new JsonScanner(json);
  if (scanner.next !== '[') {
    return undefined;
  }
  let at = 0;
  for (const element of scanner.elements()) {
    const value = element.value();
    if (at === place) {
      return value;
    }
    at += 1;
  }
  return undefined;
}
