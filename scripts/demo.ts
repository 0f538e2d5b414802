/**
 * Shows the gate at work: starts it on a temporary store, sends the contract's two example requests and draws
 * the dispatches over time. Ends with exit code 0 if order and pace are right, else 1.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, ingest, readStatus } from './demo/client.ts';
import { BATCH_DELAY_SECONDS, BATCH_SIZE, REQUESTS, type PlannedRequest } from './demo/plan.ts';
import { Resources } from './demo/resources.ts';
import { Screen } from './demo/screen.ts';
import { ServiceProcess } from './demo/service-process.ts';
import { Upstream, type SeenDispatch } from './demo/upstream.ts';
import { judge } from './demo/verdict.ts';

const MAIN = process.env['SLUICE_MAIN'] ?? fileURLToPath(new URL('../dist/main.js', import.meta.url));
const POLL_MS = 100;
/** Long enough for the last dispatch and its slowest call. */
const LONGEST_MS = 20_000;

const resources = new Resources();

async function run(): Promise<boolean> {
  if (!existsSync(MAIN)) {
    throw new Error(`${MAIN} is missing: run "npm run build" first`);
  }
  const screen = Screen.forOutput();
  resources.add(() => {
    screen.close();
  });
  const seen: SeenDispatch[] = [];
  const upstream = new Upstream((dispatch) => {
    seen.push(dispatch);
    say(dispatch.atMs, `dispatch ${String(seen.length)}: ${dispatch.ids.join(', ')}`);
  });
  resources.add(() => {
    upstream.close();
  });
  const gate = await startGate(resources.addFolder(), await upstream.listen());
  screen.say(
    `The gate takes ${String(BATCH_SIZE)} ids every ${String(BATCH_DELAY_SECONDS)} s. ` +
      'T is the time since the first request.',
  );
  const startedAtMs = performance.now();
  await Promise.all(REQUESTS.map((request) => follow(request)));
  screen.close();

  const verdict = judge(seen.map(({ ids, atMs }) => ({ ids, atSeconds: (atMs - startedAtMs) / 1000 })));
  process.stdout.write(`\n${verdict.lines.join('\n')}\n`);
  return verdict.held;

  async function follow(request: PlannedRequest): Promise<void> {
    const { name, priority, ids, atSeconds } = request;
    await sleep(atSeconds * 1000);
    say(performance.now(), `${name}: ${priority} ${ids.join(', ')}`);
    const ingestionId = await ingest(gate.url, request);
    for (;;) {
      const status = await readStatus(gate.url, ingestionId);
      const now = performance.now();
      screen.show(request, status);
      if (hasEnded(status)) {
        say(now, `${name} is ${status.status}`);
        return;
      }
      if (now - startedAtMs > LONGEST_MS) {
        say(now, `${name} is still ${status.status}: not waiting any longer`);
        return;
      }
      await sleep(POLL_MS);
    }
  }

  function say(atMs: number, what: string): void {
    screen.say(`T${((atMs - startedAtMs) / 1000).toFixed(2).padStart(5)} s  ${what}`);
  }
}

function startGate(dataDir: string, upstreamUrl: string): Promise<ServiceProcess> {
  return ServiceProcess.start(
    {
      name: 'the gate',
      command: [process.execPath, MAIN],
      environment: {
        PORT: '0',
        HOST: '127.0.0.1',
        DATA_DIR: dataDir,
        EXTERNAL_API_URL: upstreamUrl,
        BATCH_SIZE: String(BATCH_SIZE),
        BATCH_DELAY: String(BATCH_DELAY_SECONDS),
      },
    },
    (gate) => {
      resources.add(() => gate.kill());
    },
  );
}

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  if (!resources.isReleasing) {
    process.stderr.write(
      `the demonstration failed: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
  process.exitCode = 1;
} finally {
  await resources.release();
}
