import { writeFileSync } from 'node:fs';
import type { Component } from './components.ts';

const RULE = '='.repeat(100);

/** Writes the licences of all packages in the bundle, as these licences ask for. */
export function writeNotices(components: readonly Component[], file: string): void {
  const parts = components.map(({ name, version, license, texts }) =>
    [RULE, `${name} ${version} (${license})`, RULE, '', ...texts.flatMap((text) => [text, ''])].join('\n'),
  );
  writeFileSync(file, ['Sluice holds code of these packages.', '', ...parts].join('\n'));
}
