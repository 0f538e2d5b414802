import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Folders without source files. */
const LEFT_OUT = new Set(['.git', 'data', 'dist', 'node_modules']);
const FILES = globSync('**/*.*', { cwd: ROOT, exclude: (name) => LEFT_OUT.has(name) });

/** Pages for those who change the service: they name files and classes. */
const INSIDE = ['ARCHITECTURE.md', 'CONTRIBUTING.md', ...globSync('docs/design/*.md', { cwd: ROOT })];
const PAGES = [...INSIDE, 'README.md', 'CHANGELOG.md', ...globSync('docs/*.md', { cwd: ROOT })];

const SOURCES = FILES.filter((file) => /^(src|test|scripts|web)\/.*\.tsx?$/.test(file)).map(read);

const FILE_NAME = /^[\w@./*{}-]+\.(c?js|json|md|sh|sql|svg|tsx?|ya?ml)$/;
const FOLDER = /^(\w[\w@.-]*\/)+$/;
const TYPE = /^([A-Z][a-z]+(?:[A-Z][a-z]+)+)(?:\.(\w+))?$/;

describe.each(INSIDE)('%s', (page) => {
  const words = [...read(page).matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);

  it('names files and folders that exist', () => {
    const missing = words.filter(
      (word) => (FILE_NAME.test(word) && !isFile(word)) || (FOLDER.test(word) && !isFolder(word)),
    );
    expect(missing).toEqual([]);
  });

  it('names classes and members that the code has', () => {
    expect(words.filter((word) => TYPE.test(word) && !isInSource(word))).toEqual([]);
  });
});

describe.each(PAGES)('%s', (page) => {
  it('links to pages and headings that exist', () => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => !/^https?:/.test(link) && !leadsSomewhere(link, page));
    expect(broken).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/**
 * Accepts a path from the root or the end of one, such as `queue/claim.ts`; wildcards must match something.
 */
function isFile(path: string): boolean {
  return path.includes('*')
    ? globSync(path, { cwd: ROOT, exclude: ['node_modules'] }).length > 0
    : existsSync(join(ROOT, path)) || FILES.some((file) => `/${file}`.endsWith(`/${path}`));
}

function isFolder(path: string): boolean {
  return FILES.some((file) => `/${file}`.includes(`/${path}`));
}

/** Accepts a type or class in the sources; a named member must occur in the file that declares the type. */
function isInSource(word: string): boolean {
  const [, name = '', member] = TYPE.exec(word) ?? [];
  const declaration = new RegExp(`(class|interface|type) ${name}\\b`);
  const use = new RegExp(member === undefined ? '' : `\\b${member}[(?:]`);
  return SOURCES.some((source) => declaration.test(source) && use.test(source));
}

function leadsSomewhere(link: string, page: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
  return existsSync(target) && (heading === undefined || headingsOf(target).includes(heading));
}

/** Returns the anchors that GitHub gives to the headings of a page. */
function headingsOf(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
