import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
} from 'class-validator';
import { MAX_TIMER_MS } from '../../domain/runtime.js';
import { SECOND_MS } from './units.js';

/** One environment variable: its parsing, its checks and its documentation. */
export interface Variable<T> {
  readonly default: T;
  /** Checks of class-validator and conversions of class-transformer, applied to the property of the variable. */
  readonly decorators: readonly PropertyDecorator[];
  /** Its name in the lanes file; absent if a lane must not set it. */
  readonly lane?: string;
  /** True if it belongs to one upstream: a lane with an upstream of its own does not inherit it. */
  readonly isOfUpstream?: boolean;
  /** True if its value may hold a secret: error messages do not repeat it. */
  readonly isSecret?: boolean;
  /** Markdown for docs/configuration.md. */
  readonly description: string;
  /** The default as shown in the documentation, if it differs from the value. */
  readonly shownDefault?: string;
}

type Description = Pick<
  Variable<unknown>,
  'lane' | 'isOfUpstream' | 'isSecret' | 'description' | 'shownDefault'
>;

/** The type of the value; it includes undefined if the variable has no default. */
type Value<T, D> = D extends { readonly default: unknown } ? T : T | undefined;

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Name of the check of a text with `reject`. */
export const REJECTED = 'notRejected';

const SIZE = /^[1-9]\d{0,8}(b|kb|mb|gb)?$/i;

/** Defines a variable that holds an integer. */
export function integer<D extends Description & Bounds & { readonly default?: number }>(
  options: D,
): Variable<Value<number, D>> {
  return variable(options, [
    Type(() => Number),
    IsInt({ message: '$property must be an integer' }),
    ...bounds(options),
  ]);
}

/** Defines a variable that holds a number with optional fractions. */
export function decimal<D extends Description & Bounds & { readonly default?: number }>(
  options: D,
): Variable<Value<number, D>> {
  return variable(options, [
    Type(() => Number),
    IsNumber({ allowInfinity: false, allowNaN: false }, { message: '$property must be a number' }),
    ...bounds(options),
  ]);
}

/**
 * Defines a variable that holds a duration in seconds with optional fractions. It needs an upper bound, because a timer
 * that is longer than {@link MAX_TIMER_MS} fires at once.
 */
export function seconds<D extends Description & Bounds & { readonly max: number; readonly default?: number }>(
  options: D,
): Variable<Value<number, D>> {
  if (options.max * SECOND_MS > MAX_TIMER_MS) {
    throw new RangeError(`no timer waits ${String(options.max)} s`);
  }
  return decimal(options);
}

/** Defines a variable that is `true` or `false`, in any case. */
export function flag(options: Description & { readonly default: boolean }): Variable<boolean> {
  return variable(options, [Transform(toBoolean), IsBoolean({ message: '$property must be true or false' })]);
}

/** Defines a variable that holds any text, or a text that matches `pattern`. */
export function text<
  D extends Description & {
    readonly default?: string;
    readonly maxLength?: number;
    readonly pattern?: RegExp;
    /** Completes the message "NAME must …" if the text does not match. */
    readonly must?: string;
    /**
     * Returns the reason why a text is rejected; null if it is accepted. It completes "NAME …", or begins with the
     * place inside the value, as in `[0].calls must be …`, and names the wrong part unless that is a secret.
     */
    readonly reject?: (value: string) => string | null;
  },
>(options: D): Variable<Value<string, D>> {
  const { maxLength, pattern, reject, must = `match ${String(pattern)}` } = options;
  return variable(options, [
    IsString(),
    ...(maxLength === undefined ? [] : [Length(1, maxLength)]),
    ...(reject === undefined ? [] : [NotRejected(reject)]),
    ...(pattern === undefined ? [] : [Matches(pattern, { message: `$property must ${must}` })]),
  ]);
}

/** Defines a variable that holds one of a few words, in any case. */
export function choice<const W extends string, D extends Description & { readonly default?: W }>(
  words: readonly W[],
  options: D,
): Variable<Value<W, D>> {
  const list = words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`;
  return variable(options, [
    Transform(({ value }: { value: unknown }) => toWord(value, words)),
    IsIn(words, { message: `$property must be ${list}` }),
  ]);
}

/** Defines a variable that holds a number of bytes such as `512kb` or `4mb`. */
export function size(options: Description & { readonly default: string }): Variable<string> {
  return variable(options, [Matches(SIZE, { message: '$property must be a size like 512kb or 4mb' })]);
}

/** Defines a variable that holds an http or https URL. */
export function httpUrl(options: Description): Variable<string | undefined> {
  return variable(options, [
    IsUrl(
      { protocols: ['http', 'https'], require_protocol: true, require_tld: false },
      { message: '$property must be a URL that begins with http:// or https://' },
    ),
  ]);
}

function variable<T>(
  options: Description & { readonly default?: unknown },
  decorators: readonly PropertyDecorator[],
): Variable<T> {
  const { default: initial, lane, isOfUpstream, isSecret, description, shownDefault } = options;
  return {
    default: initial as T, // the builders' return types tie it to the kind
    decorators: initial === undefined ? [IsOptional(), ...decorators] : decorators,
    ...(lane !== undefined && { lane }),
    ...(isOfUpstream !== undefined && { isOfUpstream }),
    ...(isSecret !== undefined && { isSecret }),
    description,
    ...(shownDefault !== undefined && { shownDefault }),
  };
}

function NotRejected(reject: (value: string) => string | null): PropertyDecorator {
  return ValidateBy({
    name: REJECTED,
    validator: {
      validate: (value) => reject(String(value)) === null,
      defaultMessage: (given) => {
        const reason = reject(String(given?.value)) ?? '';
        return reason.startsWith('[') ? `$property${reason}` : `$property ${reason}`;
      },
    },
  });
}

function bounds({ min, max }: Bounds): PropertyDecorator[] {
  return [...(min === undefined ? [] : [Min(min)]), ...(max === undefined ? [] : [Max(max)])];
}

function toBoolean({ value }: { value: unknown }): unknown {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  return word === 'true' ? true : word === 'false' ? false : value;
}

function toWord(value: unknown, words: readonly string[]): unknown {
  return typeof value === 'string'
    ? (words.find((word) => word.toLowerCase() === value.toLowerCase()) ?? value)
    : value;
}
