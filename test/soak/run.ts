/**
 * A day of work at once: `npm run soak -- [--minutes N] [--store sqlite|postgresql] [--seed S]`, with SLUICE_LOGS a
 * folder for the output of the service. 50 clients submit to 8 lanes, stream, follow, cancel and change priorities; the
 * upstream fails now and then, dead letters are redriven, a reader reads every page, and the service is killed every few
 * minutes. Prints memory, handles, the size of the store, missed slots and stalls, and fails where one grows or an
 * accepted id was never sent.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killChildrenAtTheEnd } from '../crash/children.ts';
import { Random } from '../crash/random.ts';
import { Recorder } from '../crash/recorder/recorder.ts';
import { Report } from '../crash/report.ts';
import { PostgresUnderTest } from '../crash/postgres-under-test.ts';
import { EmbeddedStore } from '../crash/store-under-test.ts';
import { Target } from '../crash/target.ts';
import { judge } from './growth.ts';
import { Lives } from './lives.ts';
import { readOptions } from './options.ts';
import { readPages } from './page-reader.ts';
import { SoakClient } from './soak-client.ts';
import { Tally } from './tally.ts';

const CLIENTS = 50;
const MAX_ANSWER_MS = 200;
const MINUTE_MS = 60_000;
const MAX_BETWEEN_KILLS_MS = 4 * MINUTE_MS;
/** The last life is the longest: kills stop after this share of the time. */
const KILLS_FOR = 0.6;
const DRAINS_WITHIN_MS = 15 * MINUTE_MS;

const { store: storeName, minutes, seed } = readOptions();
const random = new Random(seed);
const report = new Report();
const target = new Target();
const tally = new Tally();
killChildrenAtTheEnd();

const store = storeName === 'sqlite' ? new EmbeddedStore() : await PostgresUnderTest.start();
const recorder = await Recorder.start(seed);
const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
const lives = new Lives(store, recorder, target, folder);
try {
  recorder.setTempo(MAX_ANSWER_MS);
  await lives.begin();
  const over = new AbortController();
  const sampling = lives.sample(over.signal);
  const working = [
    ...Array.from({ length: CLIENTS }, () => new SoakClient(target, tally, random.fork()).run(over.signal)),
    readPages(target, tally, over.signal),
  ];
  const betweenKillsMs = Math.min(MAX_BETWEEN_KILLS_MS, (minutes * MINUTE_MS) / 5);
  const endMs = performance.now() + minutes * MINUTE_MS;
  const lastKillMs = endMs - (1 - KILLS_FOR) * minutes * MINUTE_MS;
  while (performance.now() + betweenKillsMs <= lastKillMs) {
    await sleep(betweenKillsMs);
    await lives.killAndBegin();
  }
  await sleep(Math.max(0, endMs - performance.now()));
  over.abort();
  await Promise.all([sampling, ...working]);
  const isDrained = await lives.drain(DRAINS_WITHIN_MS);
  const exitCode = await lives.end();
  const { calls } = await recorder.dump();
  const seen = new Set(calls.flatMap(({ ids }) => ids));
  const { verdicts, told } = judge(lives.samples);
  report.note(
    `${String(tally.lists)} lists with ${String(tally.accepted.length)} ids accepted, ${String(tally.answers)} answers, ` +
      `${String(tally.lostConnections)} connections lost; ${String(calls.length)} calls, ${String(lives.samples.length)} lives`,
  );
  told.forEach((line) => {
    report.note(line);
  });
  report.judge('soak', [
    ...verdicts,
    { name: 'no request meets a defect', faults: tally.defects },
    { name: 'everything comes to its end', faults: isDrained ? [] : ['ids still wait'] },
    { name: 'SIGTERM ends the service with exit code 0', faults: exitCode === 0 ? [] : [String(exitCode)] },
    {
      name: 'the upstream saw every accepted id, or it was cancelled',
      faults: tally.missing(seen).map(String),
    },
  ]);
} catch (error) {
  report.judge('soak', [
    { name: 'it gets to its end', faults: [error instanceof Error ? String(error.stack) : String(error)] },
  ]);
} finally {
  await lives.kill();
  recorder.stop();
  await store.remove();
  rmSync(folder, { recursive: true, force: true });
}
report.note(`repeat with --store ${storeName} --minutes ${String(minutes)} --seed ${String(seed)}`);
report.close();
process.exit(report.hasFailed ? 1 : 0);
