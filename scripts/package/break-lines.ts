import type { Plugin } from 'rolldown';
import { parseAst } from 'rolldown/parseAst';

/**
 * Puts each statement of the top level, and each declaration in it, on a line of its own. Node.js prints the line of
 * an uncaught error, which would otherwise be the whole file.
 */
export function breakLines(): Plugin {
  return {
    name: 'break-lines',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') {
          file.code = breakAtStatements(file.code);
        }
      }
    },
  };
}

function breakAtStatements(code: string): string {
  const starts = parseAst(code).body.flatMap((statement) =>
    statement.type === 'VariableDeclaration'
      ? [statement.start, ...statement.declarations.slice(1).map(({ start }) => start)]
      : [statement.start],
  );
  const pieces = starts.map((start, i) => code.slice(start, starts[i + 1]));
  return [code.slice(0, starts[0]), pieces.join('\n')].join('');
}
