import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

/** The encodings and file endings of compressed copies. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
type Encoding = (typeof ENCODINGS)[number][0];

/** A file of the dashboard, with its compressed copies. */
export interface StaticAsset {
  readonly type: string;
  readonly plain: Buffer;
  readonly encoded: ReadonlyMap<Encoding, Buffer>;
}

/** Loads the built dashboard, by path. It is small and read once; the map is empty if it was not built. */
export function loadStaticAssets(folder: string): ReadonlyMap<string, StaticAsset> {
  if (!existsSync(folder)) {
    return new Map();
  }
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const known = new Set(paths);
  return new Map(
    paths
      .filter((path) => extname(path) in TYPES)
      .map((path) => [relative(folder, path).split(sep).join('/'), loadStaticAsset(path, known)]),
  );
}

function loadStaticAsset(path: string, known: ReadonlySet<string>): StaticAsset {
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    plain: readFileSync(path),
    encoded: new Map(
      ENCODINGS.filter(([, ending]) => known.has(path + ending)).map(([encoding, ending]) => [
        encoding,
        readFileSync(path + ending),
      ]),
    ),
  };
}
