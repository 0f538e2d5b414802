/** Runs every check, also after one has failed, and prints at the end how many passed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

interface TestFile {
  readonly name: string;
  readonly seconds: number;
}

/** A step of the run; a step that is not alone prints its output in one piece at its end. */
type Step = (isAlone: boolean) => Promise<Count>;

/** The time limit of a check: a check that hangs fails, and the others still run. */
const LONGEST_MS = 15 * 60_000;

const SLOWEST_SHOWN = 10;

const testFiles: TestFile[] = [];

const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));

async function run(script: string, args: readonly string[], isAlone: boolean): Promise<boolean> {
  const begunAtMs = Date.now();
  const name = `npm run ${[script, ...args].join(' ')}`;
  if (isAlone) {
    process.stdout.write(`\n== ${name}\n`);
  }
  const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
    stdio: isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
  });
  const output: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => output.push(piece));
  child.stderr?.on('data', (piece: Buffer) => output.push(piece));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const seconds = Math.round((Date.now() - begunAtMs) / 1000);
  const ending = signal === null ? '' : `, ended by ${signal}`;
  process.stdout.write(`\n== ${name}: ${String(seconds)} s${ending}\n`);
  process.stdout.write(Buffer.concat(output));
  return code === 0;
}

function check(script: string, ...args: readonly string[]): Step {
  return async (isAlone) =>
    (await run(script, args, isAlone)) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function suite(script: string): Step {
  return async (isAlone) => {
    const file = join(folder, `${script.replace(':', '-')}.json`);
    const isGreen = await run(script, ['--json', `--outputFile=${file}`], isAlone);
    const passed = readCount(file, 'numPassedTests');
    testFiles.push(...readFiles(file));
    const failed = readCount(file, 'numFailedTests') + readCount(file, 'numRuntimeErrorTestSuites');
    return { passed, failed: isGreen ? failed : Math.max(failed, 1) };
  };
}

/** Prints the slowest test files. */
function printSlowest(files: readonly TestFile[]): void {
  const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST_SHOWN);
  console.log(`\nThe ${String(slowest.length)} slowest test files:`);
  for (const { seconds, name } of slowest) {
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
  }
}

function readFiles(report: string): TestFile[] {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: readonly { name: string; startTime: number; endTime: number }[];
    };
    return testResults.map(({ name, startTime, endTime }) => ({
      name: relative(process.cwd(), name),
      seconds: (endTime - startTime) / 1000,
    }));
  } catch {
    return []; // without a report, the exit code counts as the failure
  }
}

function readCount(file: string, name: string): number {
  try {
    return Number((JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)[name]);
  } catch {
    return 0; // without a report, the exit code counts
  }
}

function inTurn(...steps: readonly Step[]): Step {
  return async (isAlone) => {
    const counts: Count[] = [];
    for (const step of steps) {
      counts.push(await step(isAlone));
    }
    return sum(counts);
  };
}

function sideBySide(...steps: readonly Step[]): Step {
  return async () => sum(await Promise.all(steps.map((step) => step(false))));
}

function sum(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
  };
}

/**
 * Runs all steps. Jest keeps two cores busy (its e2e tests wait at times, so four of their files run at once); only steps that use
 * one core, or mostly wait, run in parallel. Unit and contract tests side by side took 283 s, in turn 261 s.
 */
const all = inTurn(
  sideBySide(
    check('lint'),
    inTurn(
      check('types'),
      check('deps'),
      check('build'),
      check('simulate', '--minutes', '0.5', '--seed', '1'),
      check('simulate', '--minutes', '0.3', '--seed', '1', '--store', 'postgresql'),
    ),
  ),
  suite('test:unit'),
  suite('test:contract'),
  suite('test:e2e'),
  sideBySide(
    suite('test:model'),
    inTurn(
      check('test:crash', '--rounds', '4'),
      check('test:crash', '--rounds', '2', '--store', 'postgresql'),
      check('test:crash', '--rounds', '4', '--store', 'replicas'),
    ),
  ),
);

const { passed, failed } = await all(true);
rmSync(folder, { recursive: true, force: true });
printSlowest(testFiles);
console.log(`\n${String(passed)} passed, ${String(failed)} failed`);
process.exitCode = failed === 0 ? 0 : 1;
