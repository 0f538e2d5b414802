/** Runs every check in turn, also after one has failed, and says at the end how many passed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Count {
  passed: number;
  failed: number;
}

/** A check that hangs fails, and the others still run. */
const LONGEST_MS = 15 * 60_000;

const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));

function run(script: string, args: readonly string[] = []): boolean {
  console.log(`\n== npm run ${script} ${args.join(' ')}`);
  const { status, error } = spawnSync('npm', ['run', '--silent', script, '--', ...args], {
    stdio: 'inherit',
    timeout: LONGEST_MS,
  });
  if (error !== undefined) {
    console.error(`npm run ${script}: ${error.message}`);
  }
  return status === 0;
}

function check(script: string, args: readonly string[] = []): Count {
  return run(script, args) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function suite(script: string): Count {
  const file = join(folder, `${script.replace(':', '-')}.json`);
  const isGreen = run(script, ['--json', `--outputFile=${file}`]);
  const passed = readCount(file, 'numPassedTests');
  const failed = readCount(file, 'numFailedTests') + readCount(file, 'numRuntimeErrorTestSuites');
  return { passed, failed: isGreen ? failed : Math.max(failed, 1) };
}

function readCount(file: string, name: string): number {
  try {
    return Number((JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)[name]);
  } catch {
    return 0; // the suite did not come as far as its report: its exit code counts
  }
}

const total: Count = { passed: 0, failed: 0 };
const steps: readonly (() => Count)[] = [
  () => check('lint'),
  () => check('types'),
  () => check('deps'),
  () => check('build'),
  () => suite('test:unit'),
  () => suite('test:contract'),
  () => suite('test:e2e'),
  () => suite('test:model'),
  () => check('test:crash', ['--rounds', '10']),
  () => check('test:crash', ['--rounds', '3', '--store', 'postgresql']),
  () => check('test:crash', ['--rounds', '8', '--store', 'replicas']),
];
for (const step of steps) {
  const { passed, failed } = step();
  total.passed += passed;
  total.failed += failed;
}
rmSync(folder, { recursive: true, force: true });
console.log(`\n${String(total.passed)} passed, ${String(total.failed)} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
