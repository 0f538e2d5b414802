import { setTimeout as sleep } from 'node:timers/promises';
import { gather, type Scene } from '../gather.ts';
import type { Evidence } from '../evidence.ts';
import type { Random } from '../random.ts';
import { submit } from './submit.ts';

/** The contract's delay of 5 s, shortened, but still longer than a restart. */
const DELAY_MS = 900;
const MAX_ANSWER_MS = 300;

/** Submits the contract's two requests; ends the service at a random moment and restarts it. */
export async function playContractExample(scene: Scene, random: Random): Promise<Evidence> {
  const { signal, ledger, processes, recorder } = scene;
  recorder.setTempo(MAX_ANSWER_MS);
  const first = await processes.startReady(DELAY_MS);
  await submit(first.url, ledger, ledger.add([1n, 2n, 3n, 4n, 5n], 'MEDIUM'));
  await sleep(0.8 * DELAY_MS);
  await submit(first.url, ledger, ledger.add([6n, 7n, 8n, 9n], 'HIGH'));
  await sleep(random.next() * 2 * DELAY_MS);
  first.service.signal(signal);
  await first.service.end();
  const second = await processes.startReady(DELAY_MS);
  return gather(scene, second.service, second.url);
}
