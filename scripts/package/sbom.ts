import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './components.ts';

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly resolved?: string }>>;
}

/** Writes the bill of materials in the format of CycloneDX 1.6. It has no time, so that equal builds are equal. */
export function writeSbom(components: readonly Component[], root: string, file: string): void {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Component;
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const own = toPurl(name, version);
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': own, name, version, purl: own } },
    components: components.map((component) => toEntry(component, lock)),
    dependencies: [{ ref: own, dependsOn: components.map((each) => toPurl(each.name, each.version)) }],
  };
  writeFileSync(file, `${JSON.stringify(document, null, 1)}\n`);
}

function toEntry({ name, version, license, folder }: Component, lock: LockFile): object {
  const purl = toPurl(name, version);
  const { integrity } = lock.packages[folder] ?? {};
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(integrity?.startsWith('sha512-') && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }],
    }),
    licenses: [toLicense(license)],
    properties: [{ name: 'cdx:npm:package:path', value: folder }],
  };
}

/** Returns a choice of licences as an expression, and one as its id, for which the schema has the list of SPDX. */
function toLicense(license: string): object {
  return license.includes(' ') ? { expression: license } : { license: { id: license } };
}

/** Returns the package URL, https://github.com/package-url/purl-spec. */
function toPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
