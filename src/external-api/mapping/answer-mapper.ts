/** A worker thread runs this file without compilation: only erasable syntax is allowed, and imports end in `.ts`. */
import type { UpstreamResult } from '../external-api.js';
import { JsonScanner } from '../json/json-scanner.ts';
import { MalformedResponseError } from '../json/malformed-response-error.ts';
import type { AnswerSettings } from './answer-settings.js';
import { IdPattern } from './id-pattern.ts';
import type { MappedResponse, ResponseHead } from './mapped-response.js';
import { ResultPath } from './result-path.ts';

/** Values that say that there is no error. */
const NO_ERROR: ReadonlySet<string> = new Set(['null', 'false', '0', '""', '[]', '{}']);
const MAX_SHOWN = 60;

/** Finds the results in a response, as the setting `answer` of a lane says. Ids are exact, and data keeps its source text. */
export class AnswerMapper {
  readonly settings: AnswerSettings;
  private readonly results: ResultPath | null;
  private readonly id: ResultPath;
  private readonly idPattern: IdPattern;
  private readonly data: ResultPath | null;
  private readonly error: ResultPath | null;
  private readonly message: ResultPath | null;

  /** @throws MappingError if a path or a pattern is not valid. */
  constructor(settings: AnswerSettings) {
    this.settings = settings;
    const toPath = (name: 'results' | 'data' | 'error' | 'message'): ResultPath | null => {
      const source = settings[name];
      return source === undefined ? null : new ResultPath(source, [name]);
    };
    this.results = toPath('results');
    this.id = new ResultPath(settings.id ?? 'id', ['id']);
    this.idPattern = new IdPattern(settings.id_pattern ?? '{{id}}', ['id_pattern']);
    this.data = toPath('data');
    this.error = toPath('error');
    this.message = toPath('message');
  }

  /** True if the response is a list of results, each with its id. */
  get isOfSeveralIds(): boolean {
    return this.results !== null;
  }

  /**
   * Reads a response. `text` is its body, which must be valid JSON; null if it has none. `id` is the id that it is about, null
   * if it is about several.
   * @throws MalformedResponseError if a path finds nothing that can be used.
   */
  map({ status }: ResponseHead, text: string | null, id: bigint | null): MappedResponse {
    if (status < 200 || status > 299) {
      return { kind: 'by_status' };
    }
    return { kind: 'results', results: this.toResults(text, id) };
  }

  private toResults(text: string | null, id: bigint | null): UpstreamResult[] {
    if (this.results === null) {
      return id === null ? fault('results', 'is not set', undefined) : [this.toResult(id, text)];
    }
    if (text === null) {
      return fault('results', 'the answer is empty', this.results);
    }
    const found = this.results.find(text);
    const scanner = new JsonScanner(found ?? 'null');
    switch (scanner.next) {
      case '[':
        return this.toListed(scanner);
      case '{':
        return this.toNamed(scanner);
      default:
        return fault('results', `gives ${shorten(found)}, and not a list`, this.results);
    }
  }

  /** Reads the elements of a list. An element that is null says nothing about any id. */
  private toListed(scanner: JsonScanner): UpstreamResult[] {
    const results: UpstreamResult[] = [];
    let place = 0;
    for (const element of scanner.elements()) {
      const result = element.value();
      if (result !== 'null') {
        const found = this.id.find(result);
        const id = found === undefined ? undefined : this.idPattern.readJson(found);
        results.push(
          id === undefined
            ? fault('id', `gives ${shorten(found)} in result ${String(place)}, and no id`, this.id)
            : this.toResult(id, result),
        );
      }
      place += 1;
    }
    return results;
  }

  /** Reads the members of an object whose names are the ids. */
  private toNamed(scanner: JsonScanner): UpstreamResult[] {
    const results: UpstreamResult[] = [];
    for (const name of scanner.members()) {
      const id = this.idPattern.readText(name);
      const result = scanner.value();
      results.push(
        id === undefined
          ? fault('results', `has the name ${shorten(JSON.stringify(name))}, and no id`, this.results)
          : this.toResult(id, result),
      );
    }
    return results;
  }

  private toResult(id: bigint, result: string | null): UpstreamResult {
    const error = result === null ? undefined : this.error?.find(result);
    if (error !== undefined && !NO_ERROR.has(error)) {
      return { id, ok: false, message: this.toMessage(error), permanent: isPermanent(error) };
    }
    const dataJson = result === null ? undefined : (this.data ?? WHOLE).find(result);
    return { id, ok: true, dataJson: dataJson ?? null };
  }

  private toMessage(error: string): string {
    if (this.message !== null) {
      const message = this.message.find(error);
      return message === undefined ? error : toText(message);
    }
    const value: unknown = JSON.parse(error);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    const message = isRecord(first) ? first['message'] : first;
    return typeof message === 'string' ? message : error;
  }
}

const WHOLE = new ResultPath('@', []);

function isPermanent(error: string): boolean {
  const value: unknown = JSON.parse(error);
  return isRecord(value) && value['permanent'] === true;
}

function toText(json: string): string {
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** @throws MalformedResponseError that names the setting, its expression and why it is of no use. */
function fault(setting: string, why: string, path: ResultPath | null | undefined): never {
  const expression = path === null || path === undefined ? '' : ` ${JSON.stringify(path.source)}`;
  throw new MalformedResponseError(`answer.${setting}${expression}: ${why}`);
}

function shorten(json: string | undefined): string {
  const shown = json ?? 'nothing';
  return shown.length <= MAX_SHOWN ? shown : `${shown.slice(0, MAX_SHOWN)}…`;
}
