/**
 * Fails on a known vulnerability (high or above) of a package whose code is in `bundle/`: run `npm run build` first.
 * Says so if the registry has no audit data.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SEVERE: ReadonlySet<string> = new Set(['high', 'critical']);

interface Report {
  readonly auditReportVersion?: number;
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
}

interface Vulnerability {
  readonly name: string;
  readonly severity: string;
  readonly range: string;
  /** The folders of the package: `node_modules/express`. */
  readonly nodes: readonly string[];
}

interface Sbom {
  readonly components: readonly { readonly properties: readonly { readonly value: string }[] }[];
}

const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', maxBuffer: Infinity });
const report = parse(stdout);
if (report.auditReportVersion === undefined) {
  console.log('npm audit: NOT CHECKED, the registry gives no answer about known holes');
} else {
  const bundled = readBundledFolders();
  const found = Object.values(report.vulnerabilities ?? {}).filter(
    ({ severity, nodes }) => SEVERE.has(severity) && nodes.some((folder) => bundled.has(folder)),
  );
  for (const { name, range, severity } of found) {
    console.log(
      `npm audit: ${name} ${range} is in the package and has a known hole (${severity}), see npm audit`,
    );
  }
  if (found.length === 0) {
    console.log('npm audit: no known holes of level high or above in the package');
  }
  process.exitCode = found.length === 0 ? 0 : 1;
}

function parse(text: string): Report {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return {};
  }
}

function readBundledFolders(): ReadonlySet<string> {
  const sbom = readFileSync(new URL('../bundle/sbom.cdx.json', import.meta.url), 'utf8');
  const { components } = JSON.parse(sbom) as Sbom;
  return new Set(components.flatMap(({ properties }) => properties.map(({ value }) => value)));
}
