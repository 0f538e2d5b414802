import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

const WORTH_IT = /\.(?:js|css|html|svg)$/;

/** Puts compressed copies beside what was built, so that the service compresses nothing. */
export function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      if (dir === undefined) {
        return;
      }
      for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
        if (WORTH_IT.test(path)) {
          compress(join(dir, path));
        }
      }
      const sizes = firstLoad(bundle).map((path) => statSync(join(dir, `${path}.br`)).size);
      const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1000;
      process.stdout.write(`the dashboard's first load: ${kilobytes.toFixed(1)} kB (brotli)\n`);
    },
  };
}

/** The files that a browser needs before the page is shown: the page, its script with what that imports, their styles. */
function firstLoad(bundle: Rollup.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const wanted = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const path of wanted) {
    chunks.find(({ fileName }) => fileName === path)?.imports.forEach((imported) => wanted.add(imported));
  }
  const styles = chunks
    .filter(({ fileName }) => wanted.has(fileName))
    .flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
  return ['index.html', ...wanted, ...new Set(styles)];
}

function compress(path: string): void {
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(content, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
      },
    }),
  );
}
