import type { Plugin } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';
import { Visitor } from 'rolldown/utils';

const NON_ASCII = /[^\0-\x7F]/;
/** A backslash would make the escape of the character its own. */
const AFTER_BACKSLASH = /\\[^\0-\x7F]/;

/**
 * Writes characters outside ASCII as escapes. V8 keeps a file of ASCII alone in one byte a character, any other in two:
 * with the tables of iconv-lite in it, the largest file took 3 MB more memory.
 *
 * @throws Error if an escape would change what the code means.
 */
export function escapeNonAscii(): Plugin {
  return {
    name: 'escape-non-ascii',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk' && NON_ASCII.test(file.code)) {
          rejectRawText(file.code, file.fileName);
          file.code = file.code.replaceAll(new RegExp(NON_ASCII, 'g'), toEscape);
        }
      }
    },
  };
}

function rejectRawText(code: string, fileName: string): void {
  if (AFTER_BACKSLASH.test(code)) {
    throw new Error(`${fileName} has a backslash before a character outside ASCII`);
  }
  new Visitor({
    TaggedTemplateExpression({ start, end }) {
      if (NON_ASCII.test(code.slice(start, end))) {
        throw new Error(`${fileName} has a tagged template with a character outside ASCII`);
      }
    },
  }).visit(parseAst(code));
}

function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
