/**
 * Expressions over an answer, in CEL (https://cel.dev). A worker thread runs this file without compilation: only erasable
 * syntax is allowed, and imports end in `.ts`.
 */
import { toExactJson } from '../../domain/exact-json.ts';
import { shorten } from '../../domain/printable-text.ts';
import { createContext, Script } from 'node:vm';
import { Environment, type ASTNode, type ParseResult } from '@marcbachmann/cel-js';
import { MalformedResponseError } from '../json/malformed-response-error.ts';
import { MappingError } from './mapping-error.ts';

/** The values that an expression can use. */
export interface AnswerVariables {
  readonly status: number;
  /** The headers by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; an empty object if it is not JSON. */
  readonly body: unknown;
}

export interface ResultVariables extends AnswerVariables {
  /** The parsed result of one id. */
  readonly result: unknown;
  /** The parsed error of one id. */
  readonly error: unknown;
}

/** The processor time after which an evaluation is aborted. Most take microseconds. */
const TIMEOUT_MS = 250;
const MAX_LENGTH = 1000;
const LIMITS = { maxAstNodes: 500, maxDepth: 30, maxListElements: 100, maxMapEntries: 100 };
/** Macros and functions whose time may grow faster than the answer. */
const LOOPS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'matches']);
/** Macros that can build values larger than the answer. */
const FORBIDDEN: ReadonlySet<string> = new Set(['map', 'bind']);
const MAX_SHOWN = 60;

const OF_ANSWER = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: LIMITS,
})
  .registerVariable('status', 'int')
  .registerVariable('headers', 'map<string, string>')
  .registerVariable('body', 'dyn');
const OF_RESULT = OF_ANSWER.clone().registerVariable('result', 'dyn').registerVariable('error', 'dyn');

/** An expression without side effects. It is bounded in length, and its evaluation in time. */
abstract class Expression<V extends AnswerVariables> {
  private readonly source: string;
  private readonly path: readonly string[];
  private readonly program: Program;

  /** @throws MappingError if {@link compile} refuses it. */
  constructor(source: string, path: readonly string[], environment: Environment, types: readonly string[]) {
    this.source = source;
    this.path = path;
    this.program = compile(source, path, environment, types);
  }

  /** @throws MalformedResponseError if the evaluation fails or takes too long. */
  protected run(variables: V): unknown {
    const { evaluate, names, hasLoops } = this.program;
    const { status, headers } = variables;
    const values = {
      status: BigInt(status),
      headers,
      ...(names.has('body') && { body: variables.body }),
      ...('error' in variables && { error: variables.error }),
      ...('result' in variables && { result: variables.result }),
    };
    try {
      return hasLoops ? runWithin(() => evaluate(values)) : evaluate(values);
    } catch (error) {
      return this.fault(
        isTimeout(error) ? `takes more than ${String(TIMEOUT_MS)} ms of processor time` : summaryOf(error),
      );
    }
  }

  /** @throws MalformedResponseError that names the expression and why it is of no use. */
  protected fault(why: string): never {
    const setting = ['answer', ...this.path].join('.');
    throw new MalformedResponseError(`${setting} ${JSON.stringify(this.source)}: ${why}`, {
      path: this.path,
    });
  }
}

/** An expression that is true or false. */
export class Condition<V extends AnswerVariables> extends Expression<V> {
  static ofAnswer(source: string, path: readonly string[]): Condition<AnswerVariables> {
    return new Condition(source, path, OF_ANSWER, ['bool', 'dyn']);
  }

  static ofResult(source: string, path: readonly string[]): Condition<ResultVariables> {
    return new Condition(source, path, OF_RESULT, ['bool', 'dyn']);
  }

  /** @throws MalformedResponseError if it cannot be evaluated. */
  holds(variables: V): boolean {
    const value = this.run(variables);
    return typeof value === 'boolean' ? value : this.fault(`gives ${show(value)}, and not true or false`);
  }
}

/** An expression that gives a time to wait: seconds, a moment, or a text such as a header has. */
export class WaitExpression extends Expression<AnswerVariables> {
  constructor(source: string, path: readonly string[]) {
    super(source, path, OF_ANSWER, ['double', 'int', 'uint', 'string', 'dyn']);
  }

  /**
   * Returns the time as text.
   * @throws MalformedResponseError if it cannot be evaluated.
   */
  value(variables: AnswerVariables): string {
    const value = this.run(variables);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : this.fault(`gives ${show(value)}, and no time`);
  }
}

/** A compiled expression. */
interface Program {
  readonly evaluate: (values: Record<string, unknown>) => unknown;
  /** The names of its variables, functions and macros. */
  readonly names: ReadonlySet<string>;
  readonly hasLoops: boolean;
}

/** @throws MappingError if the expression cannot be parsed, has another type, or uses a name that is not known. */
function compile(
  source: string,
  path: readonly string[],
  environment: Environment,
  types: readonly string[],
): Program {
  const refuse = (why: string): never => {
    throw new MappingError(path, `${JSON.stringify(source)}: ${why}`);
  };
  if (source.length > MAX_LENGTH) {
    throw new MappingError(path, `is longer than ${String(MAX_LENGTH)} characters`);
  }
  const program = parse(source, environment, refuse);
  const names = new Set(namesOf(program.ast));
  const { valid, type = 'nothing', error } = program.check();
  if (!valid) {
    return refuse(summaryOf(error));
  }
  if (!types.includes(type)) {
    return refuse(`gives ${type}, and not ${types.join(' or ')}`);
  }
  const forbidden = [...names].find((name) => FORBIDDEN.has(name));
  return forbidden === undefined
    ? { evaluate: program, names, hasLoops: [...names].some((name) => LOOPS.has(name)) }
    : refuse(`${forbidden} cannot be used here`);
}

function parse(source: string, environment: Environment, refuse: (why: string) => never): ParseResult {
  try {
    return environment.parse(source);
  } catch (error) {
    return refuse(summaryOf(error));
  }
}

/** Returns the names of all variables, functions and macros in an expression. */
function namesOf(node: unknown): string[] {
  if (Array.isArray(node)) {
    return node.flatMap(namesOf);
  }
  if (!isNode(node)) {
    return [];
  }
  const own =
    node.op === 'id' ? [node.args] : node.op === 'call' || node.op === 'rcall' ? [node.args[0]] : [];
  return [...own, ...namesOf(node.args)];
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

const sandbox: { work: () => unknown } = { work: () => undefined };
const context = createContext(sandbox);
const script = new Script('work()');

/**
 * Runs synchronous work without side effects, and aborts it after a processor time. The runtime can limit only the time of the
 * clock, in which a busy machine may not have run this thread at all. So aborted work runs again until it used its time.
 */
function runWithin(work: () => unknown): unknown {
  sandbox.work = work;
  const before = process.threadCpuUsage();
  for (;;) {
    try {
      return script.runInContext(context, { timeout: TIMEOUT_MS });
    } catch (error) {
      const { user, system } = process.threadCpuUsage(before);
      if (!isTimeout(error) || (user + system) / 1000 >= TIMEOUT_MS) {
        throw error;
      }
    }
  }
}

function isTimeout(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/** Returns the message of an error of CEL without the text of the expression. */
function summaryOf(error: unknown): string {
  const { summary, message } = error as { readonly summary?: unknown; readonly message: string };
  return typeof summary === 'string' ? summary : message;
}

function show(value: unknown): string {
  return shorten(toExactJson(value) ?? typeof value, MAX_SHOWN);
}
