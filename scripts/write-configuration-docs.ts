/** Writes the table of variables into docs/configuration.md. Run it after a change of src/platform/config/variables. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const { withVariablesTable } = (await import(
  new URL('../dist/platform/config/variables-table.js', import.meta.url).href
)) as { readonly withVariablesTable: (page: string) => string };

writeFileSync(PAGE, withVariablesTable(readFileSync(PAGE, 'utf8')));
