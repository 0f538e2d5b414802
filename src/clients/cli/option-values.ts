import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError if it is not `name=value`, or names a label again. */
export function addLabel(text: string, before: readonly string[] = []): string[] {
  const name = /^([^=]+)=./.exec(text)?.[1];
  if (name === undefined) {
    throw new InvalidArgumentError('must be name=value.');
  }
  if (before.some((label) => label.startsWith(`${name}=`))) {
    throw new InvalidArgumentError(`names ${name} again.`);
  }
  return [...before, text];
}

export function toCount(text: string): number {
  if (!/^(1000|[1-9]\d{0,2})$/.test(text)) {
    throw new InvalidArgumentError('must be a number from 1 to 1000.');
  }
  return Number(text);
}
