import { build } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';

/**
 * Bundles the declarations of the public entries, each into one file, with those of the packages that they name.
 * Returns the paths of all declarations in it.
 */
export async function bundleTypes(
  entries: Readonly<Record<string, string>>,
  isExternal: (id: string) => boolean,
  folder: string,
): Promise<string[]> {
  const modules: string[] = [];
  for (const [name, input] of Object.entries(entries)) {
    const { output } = await build({
      input: { [name]: input },
      external: isExternal,
      plugins: [dts({ dtsInput: true, emitDtsOnly: true, resolver: 'tsc', tsconfig: false })],
      logLevel: 'warn',
      output: { dir: folder },
    });
    modules.push(...output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])));
  }
  return modules;
}
