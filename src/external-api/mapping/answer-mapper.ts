/** A worker thread runs this file without compilation: only erasable syntax is allowed, and imports end in `.ts`. */
import { shorten } from '../../domain/printable-text.ts';
import type { UpstreamResult } from '../external-api.js';
import { JsonScanner } from '../json/json-scanner.ts';
import { MalformedResponseError } from '../json/malformed-response-error.ts';
import type { AnswerSettings, StatusMeaning } from './answer-settings.js';
import { Variables, parseExact } from './answer-variables.ts';
import { Condition, WaitExpression, type AnswerVariables, type ResultVariables } from './condition.ts';
import { saysError, toBodyMessage, toErrorMessage } from './error-message.ts';
import { IdPattern } from './id-pattern.ts';
import type { MappedResponse, ResponseHead } from './mapped-response.js';
import { ResultPath } from './result-path.ts';

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
  private readonly permanent: Condition<ResultVariables> | null;
  private readonly throttled: Condition<AnswerVariables> | null;
  private readonly wait: WaitExpression | null;
  private readonly failed: Condition<AnswerVariables> | null;
  private readonly failedMessage: ResultPath | null;
  private readonly failedPermanent: Condition<AnswerVariables> | null;

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
    const { permanent, throttled, failed } = settings;
    this.permanent = permanent === undefined ? null : Condition.ofResult(permanent, ['permanent']);
    this.throttled =
      throttled === undefined ? null : Condition.ofAnswer(throttled.when, ['throttled', 'when']);
    this.wait =
      throttled?.wait === undefined ? null : new WaitExpression(throttled.wait, ['throttled', 'wait']);
    this.failed = failed === undefined ? null : Condition.ofAnswer(failed.when, ['failed', 'when']);
    this.failedMessage =
      failed?.message === undefined ? null : new ResultPath(failed.message, ['failed', 'message']);
    this.failedPermanent =
      failed?.permanent === undefined ? null : Condition.ofAnswer(failed.permanent, ['failed', 'permanent']);
  }

  /** True if the response is a list of results, each with its id. */
  get isOfSeveralIds(): boolean {
    return this.results !== null;
  }

  /** Tells whether the body of a response with this status is read for its results, whatever its length. */
  readsResultsOf(status: number): boolean {
    const meaning = this.meaningOf(status);
    return meaning === undefined ? isGood(status) : meaning === 'read';
  }

  /**
   * Reads a response. `text` is its body, which must be valid JSON; null if it has none. `id` is the id that it is about, null
   * if it is about several.
   * @throws MalformedResponseError if a path finds nothing that can be used, or an expression cannot be evaluated.
   */
  map({ status, headers }: ResponseHead, text: string | null, id: bigint | null): MappedResponse {
    const variables = new Variables(status, headers, text);
    if (this.throttled?.holds(variables) === true) {
      return { kind: 'throttled', wait: this.wait?.value(variables) ?? null };
    }
    switch (this.meaningOf(status)) {
      case 'completed':
        return { kind: 'completed' };
      case 'throttled':
        return { kind: 'throttled', wait: null };
      case 'failed':
        return { kind: 'failed', message: toBodyMessage(text, null), permanent: true };
      case 'retry':
        return { kind: 'failed', message: toBodyMessage(text, null), permanent: false };
      case undefined:
        if (!isGood(status)) {
          return { kind: 'by_status', message: toBodyMessage(text, null) };
        }
        break;
      case 'read':
        break;
    }
    if (this.failed?.holds(variables) === true) {
      const message = toBodyMessage(text, this.failedMessage) ?? 'the answer says that the call has failed';
      return { kind: 'failed', message, permanent: this.failedPermanent?.holds(variables) ?? false };
    }
    const { missing } = this.settings;
    return {
      kind: 'results',
      results: this.toResults(variables, id),
      ...(missing !== undefined && { missing }),
    };
  }

  private meaningOf(status: number): StatusMeaning | undefined {
    const text = String(status);
    return this.settings.status?.[text] ?? this.settings.status?.[`${text.slice(0, 1)}xx`];
  }

  private toResults(variables: Variables, id: bigint | null): UpstreamResult[] {
    const { text } = variables;
    if (this.results === null) {
      return id === null ? fault('results', 'is not set', undefined) : [this.toResult(id, text, variables)];
    }
    if (text === null) {
      return fault('results', 'the answer is empty', this.results);
    }
    const found = this.results.find(text);
    const scanner = new JsonScanner(found ?? 'null');
    switch (scanner.next) {
      case '[':
        return this.toListed(scanner, variables);
      case '{':
        return this.toNamed(scanner, variables);
      default:
        return fault('results', `gives ${shown(found)}, and not a list`, this.results);
    }
  }

  /** Reads the elements of a list. An element that is null says nothing about any id. */
  private toListed(scanner: JsonScanner, variables: Variables): UpstreamResult[] {
    const results: UpstreamResult[] = [];
    let place = 0;
    for (const element of scanner.elements()) {
      const result = element.value();
      if (result !== 'null') {
        const found = this.id.find(result);
        const id = found === undefined ? undefined : this.idPattern.readJson(found);
        results.push(
          id === undefined
            ? fault('id', `gives ${shown(found)} in result ${String(place)}, and no id`, this.id)
            : this.toResult(id, result, variables),
        );
      }
      place += 1;
    }
    return results;
  }

  /** Reads the members of an object whose names are the ids. */
  private toNamed(scanner: JsonScanner, variables: Variables): UpstreamResult[] {
    const results: UpstreamResult[] = [];
    for (const name of scanner.members()) {
      const id = this.idPattern.readText(name);
      const result = scanner.value();
      results.push(
        id === undefined
          ? fault(
              'results',
              `has the name ${shorten(JSON.stringify(name), MAX_SHOWN)}, and no id`,
              this.results,
            )
          : this.toResult(id, result, variables),
      );
    }
    return results;
  }

  private toResult(id: bigint, result: string | null, variables: Variables): UpstreamResult {
    const error = result === null ? undefined : this.error?.find(result);
    if (saysError(error)) {
      const message = toErrorMessage(error, this.message);
      return { id, ok: false, message, permanent: this.isPermanent(error, result, variables) };
    }
    const dataJson = result === null ? undefined : (this.data ?? WHOLE).find(result);
    return { id, ok: true, dataJson: dataJson ?? null };
  }

  private isPermanent(error: string, result: string | null, variables: Variables): boolean {
    if (this.permanent !== null) {
      const { status, headers } = variables;
      return this.permanent.holds({
        status,
        headers,
        get body() {
          return variables.body;
        },
        result: parseExact(result ?? 'null'),
        error: parseExact(error),
      });
    }
    const value: unknown = JSON.parse(error);
    return typeof value === 'object' && value !== null && 'permanent' in value && value.permanent === true;
  }
}

const WHOLE = new ResultPath('@', []);

function isGood(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** @throws MalformedResponseError that names the setting, its expression and why it is of no use. */
function fault(setting: string, why: string, path: ResultPath | null | undefined): never {
  const expression = path === null || path === undefined ? '' : ` ${JSON.stringify(path.source)}`;
  throw new MalformedResponseError(`answer.${setting}${expression}: ${why}`, { path: [setting] });
}

function shown(json: string | undefined): string {
  return shorten(json ?? 'nothing', MAX_SHOWN);
}
