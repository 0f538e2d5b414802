import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { useTempFolders } from '../support/temp-folder.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/audit.sh', import.meta.url));

describe('The audit of dependencies', () => {
  const newFolder = useTempFolders();

  it.each([
    ['fails where a hole is known', '{"auditReportVersion":2}', 1, 1],
    ['passes where none is', '{"auditReportVersion":2}', 0, 0],
    ['says so where the registry does not tell', '{"error":{}}', 1, 0],
  ])('%s', (_name, report, ofNpm, expected) => {
    const folder = newFolder();
    const npm = `#!/bin/sh\necho '${report}'\nexit ${String(ofNpm)}\n`;
    writeFileSync(join(folder, 'npm'), npm, { mode: 0o755 });
    const env = { PATH: `${folder}:${String(process.env['PATH'])}` };
    const { status, stdout } = spawnSync('bash', [SCRIPT], { env, encoding: 'utf8' });
    expect(status).toBe(expected);
    expect(stdout.includes('NOT CHECKED')).toBe(report.includes('error'));
  });
});
