import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A package of which the bundle holds code or files. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** The texts of its licence and notices. */
  readonly texts: readonly string[];
  /** Its folder, from the root: `node_modules/express`. */
  readonly folder: string;
}

export interface Sources {
  readonly root: string;
  /** The paths of all modules that were bundled. */
  readonly modules: readonly string[];
  /** The paths of files that were copied as they are. */
  readonly copied: ReadonlySet<string>;
  /** The list of the packages in the dashboard, which vite writes. */
  readonly web: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type: string };
  /** The form of old packages. */
  readonly licenses?: readonly { readonly type: string }[];
}

const LEGAL_FILE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/** Finds the packages in the bundle and in the dashboard, in the order of their names. */
export function findComponents({ root, modules, copied, web }: Sources): Component[] {
  const folders = new Set<string>();
  for (const module of [...modules, ...copied]) {
    const folder = toPackageFolder(module);
    if (folder !== null) {
      folders.add(folder);
    }
  }
  const webPackages = JSON.parse(readFileSync(web, 'utf8')) as { name: string }[];
  for (const { name } of webPackages) {
    folders.add(join(root, 'node_modules', name));
  }
  // A package can be installed in several folders in the same version.
  const components = new Map<string, Component>();
  for (const folder of [...folders].toSorted()) {
    const component = toComponent(root, folder, copied);
    components.set(`${component.name}@${component.version}`, component);
  }
  return [...components.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns the folder of the package of a module; null for own modules and for those that the bundler adds. */
function toPackageFolder(module: string): string | null {
  const [, folder = null] = /^(\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
  return folder;
}

function toComponent(root: string, folder: string, copied: ReadonlySet<string>): Component {
  const {
    name,
    version,
    license,
    licenses = [],
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const expression =
    typeof license === 'string'
      ? license
      : [license ?? [], licenses]
          .flat()
          .map(({ type }) => type)
          .join(' OR ');
  if (expression === '') {
    throw new Error(`${folder} names no licence; without one its code must not be in the package`);
  }
  const legal = readdirSync(folder)
    .filter((file) => LEGAL_FILE.test(file))
    .map((file) => join(folder, file));
  // Bundles of a package, such as Swagger UI's, have the notices of what they hold beside them.
  const beside = [...copied]
    .filter((path) => dirname(path).startsWith(folder))
    .map((path) => `${path}.LICENSE.txt`);
  const texts = [...legal, ...beside.filter((path) => existsSync(path))].map((path) =>
    readFileSync(path, 'utf8').trim(),
  );
  return {
    name,
    version,
    license: expression,
    texts: texts.length > 0 ? texts : ['The package holds no text of its licence.'],
    folder: relative(root, folder),
  };
}
