import { shorten } from '../../domain/printable-text.js';
import { CliError, EXIT } from './cli-error.js';

const SEPARATORS = /[\s,;]+/;
const BYTE_ORDER_MARK = '\uFEFF';
const MAX_ECHO_LENGTH = 40;

/**
 * Parses the ids of a text, separated by newlines, commas, semicolons or blanks.
 * @throws CliError if there is anything else, or no id.
 */
export function parseIds(text: string, source: string): bigint[] {
  const words = (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).split(SEPARATORS).filter(Boolean);
  if (words.length === 0) {
    throw new CliError(`${source} contains no ids`, EXIT.usage);
  }
  return words.map((word, i) => {
    if (!/^\d+$/.test(word)) {
      const shown = shorten(word, MAX_ECHO_LENGTH);
      throw new CliError(`${source}: entry ${String(i + 1)} is not an id: ${shown}`, EXIT.usage);
    }
    return BigInt(word);
  });
}

/** Converts the text to one id per line, chunk by chunk. */
export async function* toLines(chunks: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  for await (const chunk of chunks) {
    yield chunk.replaceAll(new RegExp(SEPARATORS, 'g'), '\n');
  }
  return undefined;
}
