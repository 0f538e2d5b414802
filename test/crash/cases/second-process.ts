import { setTimeout as sleep } from 'node:timers/promises';
import { checkAll } from '../checks/check-all.ts';
import { gather, type Scene } from '../gather.ts';
import type { ServiceProcess } from '../service-process.ts';
import type { Verdict } from '../report.ts';
import { submit } from './submit.ts';

const DELAY_MS = 50;
const LISTS = 15;

/** Starts a second process on the same store while the first one works. */
export async function playSecondProcess(scene: Scene): Promise<Verdict[]> {
  const { processes, ledger } = scene;
  const first = await processes.startReady(DELAY_MS);
  const second = processes.start(DELAY_MS);
  for (let list = 0; list < LISTS; list++) {
    await submit(first.url, ledger, ledger.draw());
    await sleep(DELAY_MS);
  }
  await second.end();
  await submit(first.url, ledger, ledger.draw());
  const evidence = await gather(scene, first.service, first.url);
  const calls = evidence.recording.calls.filter(({ processNo }) => processNo === second.number);
  return [
    { name: 'it ends by itself, with one line and a code other than 0', faults: describeOddEnd(second) },
    { name: 'it calls nothing', faults: calls.map(({ ids }) => `ids ${ids.join(', ')}`) },
    ...checkAll({ ...evidence, processes: [first.service] }).verdicts,
  ];
}

function describeOddEnd({ exit, errors }: ServiceProcess): string[] {
  const lines = errors.split('\n').filter((line) => line !== '');
  const isFit = typeof exit?.code === 'number' && exit.code !== 0 && lines.length === 1;
  return isFit ? [] : [`code ${String(exit?.code)}, ${String(lines.length)} lines: ${errors}`];
}
