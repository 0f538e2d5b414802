import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepChild } from '../crash/children.ts';

const STARTS_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 50;
const KEPT_LOG_LENGTH = 10_000;

/**
 * Waits until a server answers that was just spawned with a pipe for its standard error. It ends with this process.
 * @throws Error with the last lines of the server if it ends, or does not answer for a minute
 */
export async function untilItAnswers(
  name: string,
  child: ChildProcess,
  answers: () => Promise<boolean>,
): Promise<void> {
  keepChild(child);
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-KEPT_LOG_LENGTH);
  });
  const deadlineMs = performance.now() + STARTS_WITHIN_MS;
  while (!(await answers())) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      throw new Error(`${name} does not start: ${log}`);
    }
    await sleep(LOOK_AGAIN_MS);
  }
}
