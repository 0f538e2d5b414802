import { InvalidArgumentError } from 'commander';
import { isClientName } from '../domain/authenticated-client.js';

/**
 * Checks the name of a client on the command line.
 * @throws InvalidArgumentError if no client can have it.
 */
export function toClientName(text: string): string {
  if (!isClientName(text)) {
    throw new InvalidArgumentError('a name has 1 to 128 letters, digits or any of . : @ / | + - _');
  }
  return text;
}
