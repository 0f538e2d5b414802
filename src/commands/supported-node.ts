/**
 * The oldest supported version of each line of Node.js, like `engines` in package.json. Later lines are supported
 * too. This file and the entries that import it use only syntax that old versions can parse, and load all else later.
 */
const LTS = { major: 24, minor: 16 };
const CURRENT = 26;

/** Returns why Sluice cannot run on this version of Node.js; null if it can. */
export function whyNodeUnsupported(version: string): string | null {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  const isSupported = major >= CURRENT || (major === LTS.major && minor >= LTS.minor);
  return isSupported
    ? null
    : `sluice needs Node.js ${String(LTS.major)}.${String(LTS.minor)} or later (LTS), or ${String(CURRENT)} or later; this is ${version}`;
}

/** Ends the process with one line if Node.js is too old. */
export function exitUnlessSupported(): void {
  const reason = whyNodeUnsupported(process.version);
  if (reason !== null) {
    process.stderr.write(`${reason}\n`);
    process.exit(1);
  }
}
