/**
 * Runs inside the service under test (`NODE_OPTIONS=--import=…`): at SIGUSR2 it writes its measurements since
 * the previous signal to the file that LOOP_PROBE_FILE names.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;
const SAMPLE_MS = 20;

const file = process.env['LOOP_PROBE_FILE'];
if (file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let peakRss = 0;
  setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, SAMPLE_MS).unref();
  process.on('SIGUSR2', () => {
    // The histogram records whole intervals; the part beyond the resolution is delay.
    const seen = { longestStallMs: delay.max / 1e6 - RESOLUTION_MS, peakRssMb: peakRss / 1_048_576 };
    delay.reset();
    peakRss = 0;
    writeFileSync(`${file}.new`, JSON.stringify(seen));
    renameSync(`${file}.new`, file);
  });
}
