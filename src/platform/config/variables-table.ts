import { VARIABLE_LIST } from './variables.js';

const BEGIN = '<!-- variables: written by npm run docs:configuration -->';
const END = '<!-- /variables -->';

/**
 * Inserts the table of all variables between the two marks of a Markdown page.
 * @throws Error if the page has no marks.
 */
export function withVariablesTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) {
    throw new Error(`the page lacks ${BEGIN} … ${END}`);
  }
  return `${page.slice(0, begin)}${BEGIN}\n\n${toTable()}\n\n${page.slice(end)}`;
}

function toTable(): string {
  const rows = VARIABLE_LIST.map(([name, { default: value, shownDefault, lane, description }]) =>
    toRow(`\`${name}\``, shownDefault ?? toText(value), lane === undefined ? '' : `\`${lane}\``, description),
  );
  return [toRow('variable', 'default', 'in a lane', ''), toRow('---', '---', '---', '---'), ...rows].join(
    '\n',
  );
}

function toRow(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function toText(value: string | number | boolean | undefined): string {
  return value === undefined ? 'none' : String(value);
}
