import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mix } from '../crash/ledger.ts';
import type { Recorder } from '../crash/recorder/recorder.ts';

const SLUICE = fileURLToPath(new URL('../../bundle/sluice.js', import.meta.url));
const LANES = ['default', 'b', 'c'] as const;
const CLIENTS = ['anna', 'ben', 'carla'] as const;
const AGING_S = 2;

/** The rules by which a round goes: in turn a delay, limits in its place, and three lanes with fair share and aging. */
export const RULES = ['a delay', 'limits', 'lanes'] as const;
export type Rules = (typeof RULES)[number];

/** The lanes and clients of the rounds with lanes. */
export class LanesAndClients {
  readonly mix: Mix;
  /** The key that may do everything. */
  readonly adminKey: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'sluice-lanes-'));

  constructor() {
    process.once('exit', () => {
      rmSync(this.folder, { recursive: true, force: true });
    });
    this.adminKey = this.createKey('admin', 'submit,read,admin');
    const [first, ...others] = CLIENTS;
    this.mix = {
      lanes: LANES,
      apiKeys: [this.createKey(first, 'submit'), ...others.map((client) => this.createKey(client, 'submit'))],
    };
  }

  /** Returns the variables for one process. */
  settings(recorder: Recorder, processNo: number): Record<string, string> {
    const file = join(this.folder, `lanes-${String(processNo)}.json`);
    const lanes = LANES.slice(1).map((lane) => [lane, { url: recorder.urlForLane(processNo, lane) }]);
    writeFileSync(file, JSON.stringify({ lanes: Object.fromEntries(lanes) }));
    return {
      LANES_FILE: file,
      API_KEYS_FILE: this.keysFile,
      FAIR_SHARE: 'true',
      PRIORITY_AGING: String(AGING_S),
    };
  }

  private get keysFile(): string {
    return join(this.folder, 'keys.yaml');
  }

  private createKey(client: string, scopes: string): string {
    const options = ['--file', this.keysFile, '--client', client, '--scopes', scopes];
    return execFileSync(process.execPath, [SLUICE, 'keys', 'create', ...options], {
      encoding: 'utf8',
    }).trim();
  }
}
