import { cpSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HASHED = /-[\w-]{8}(?=\.(?:js|css)$)/;

/** Copies the build into `folder` with other names for the dashboard's chunks. Returns its `main.js`. */
export function copyUpgradedBuild(folder: string): string {
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const web = join(folder, 'dist/web');
  const assets = join(web, 'assets');
  for (const name of [...readdirSync(web), ...readdirSync(assets).map((asset) => join('assets', asset))]) {
    if (/\.(?:br|gz)$/.test(name)) {
      rmSync(join(web, name)); // the compressed copies contain the old names
    }
  }
  const names = readdirSync(assets).filter((name) => HASHED.test(name));
  const renamed = new Map(names.map((name) => [name, name.replace(HASHED, '-upgraded')]));
  for (const file of [join(web, 'index.html'), ...names.map((name) => join(assets, name))]) {
    let text = readFileSync(file, 'utf8');
    renamed.forEach((to, from) => {
      text = text.replaceAll(from, to);
    });
    writeFileSync(file, text);
  }
  renamed.forEach((to, from) => {
    renameSync(join(assets, from), join(assets, to));
  });
  return join(folder, 'dist/main.js');
}
