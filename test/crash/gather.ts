import { readDeadLetters } from './dead-letters.ts';
import type { Evidence } from './evidence.ts';
import { followToTheEnd } from './follow.ts';
import type { Ledger } from './ledger.ts';
import type { Life } from './life.ts';
import type { Lives } from './lives.ts';
import type { Ending } from './options.ts';
import type { Recorder } from './recorder/recorder.ts';
import type { StoreUnderTest } from './store-under-test.ts';

export interface Scene {
  readonly signal: Ending;
  readonly ledger: Ledger;
  readonly lives: Lives;
  readonly recorder: Recorder;
  readonly store: StoreUnderTest;
}

/** Lets the last process bring everything to its end, stops it, and gathers the evidence. */
export async function gather(scene: Scene, life: Life, url: string): Promise<Evidence> {
  const { signal, ledger, lives, recorder, store } = scene;
  const statuses = await followToTheEnd(url, ledger.acknowledged, recorder);
  if (life.exit !== null) {
    throw new Error(`the service ended by itself, code ${String(life.exit.code)}: ${life.errors}`);
  }
  const deadLetters = await readDeadLetters(url);
  life.signal('SIGTERM');
  await life.end();
  return {
    signal,
    ledger,
    lives: lives.all,
    recording: await recorder.dump(),
    statuses,
    deadLetters,
    storeFaults: await store.findFaults(),
    troubles: [],
  };
}
