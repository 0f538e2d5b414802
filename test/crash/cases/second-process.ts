import { setTimeout as sleep } from 'node:timers/promises';
import { checkAll } from '../checks/check-all.ts';
import { gather, type Scene } from '../gather.ts';
import type { Life } from '../life.ts';
import type { Verdict } from '../report.ts';
import { handOver } from './hand-over.ts';

const DELAY_MS = 50;
const LISTS = 15;

/** Starts a second process on the same store while the first one works. */
export async function playSecondProcess(scene: Scene): Promise<Verdict[]> {
  const { lives, ledger } = scene;
  const first = await lives.startReady(DELAY_MS);
  const second = lives.start(DELAY_MS);
  for (let list = 0; list < LISTS; list++) {
    await handOver(first.url, ledger, ledger.draw());
    await sleep(DELAY_MS);
  }
  await second.end();
  await handOver(first.url, ledger, ledger.draw());
  const evidence = await gather(scene, first.life, first.url);
  const calls = evidence.recording.calls.filter(({ life }) => life === second.number);
  return [
    { name: 'it ends by itself, with one line and a code other than 0', faults: describeOddEnd(second) },
    { name: 'it calls nothing', faults: calls.map(({ ids }) => `ids ${ids.join(', ')}`) },
    ...checkAll({ ...evidence, lives: [first.life] }).verdicts,
  ];
}

function describeOddEnd({ exit, errors }: Life): string[] {
  const lines = errors.split('\n').filter((line) => line !== '');
  const isFit = typeof exit?.code === 'number' && exit.code !== 0 && lines.length === 1;
  return isFit ? [] : [`code ${String(exit?.code)}, ${String(lines.length)} lines: ${errors}`];
}
