import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { useTempFolders } from '../support/temp-folder.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/audit.ts', import.meta.url));

describe('The audit of dependencies', () => {
  const newFolder = useTempFolders();

  it.each([
    ['fails where a hole of what is shipped is known', reportOf('express', 'high'), 1],
    ['passes where it is not severe', reportOf('express', 'moderate'), 0],
    ['passes where it is in a tool alone', reportOf('eslint', 'critical'), 0],
    ['passes where none is', '{"auditReportVersion":2,"vulnerabilities":{}}', 0],
    ['says so where the registry does not tell', '{"error":{}}', 0],
    ['says so where npm fails', '', 0],
  ])('%s', (_name, report, expected) => {
    const folder = newFolder();
    const npm = `#!/bin/sh\necho '${report}'\nexit 1\n`;
    writeFileSync(join(folder, 'npm'), npm, { mode: 0o755 });
    const env = { PATH: `${folder}:${String(process.env['PATH'])}` };
    const { status, stdout } = spawnSync(process.execPath, [SCRIPT], { env, encoding: 'utf8' });
    expect(status).toBe(expected);
    expect(stdout.includes('NOT CHECKED')).toBe(!report.includes('auditReportVersion'));
  });
});

function reportOf(name: string, severity: string): string {
  const vulnerability = { name, severity, range: '<99', nodes: [`node_modules/${name}`] };
  return JSON.stringify({ auditReportVersion: 2, vulnerabilities: { [name]: vulnerability } });
}
