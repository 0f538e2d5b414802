import { NotInstalledError, type Contestant, type RunningContestant } from './contestants/contestant.ts';
import { interleave, type LoadMaker, type Measured } from './interleave.ts';
import type { Settings } from './settings.ts';

/** The load on `POST /ingest`. */
export interface IngestLoad {
  readonly connections: number;
  readonly idsPerRequest: number;
}

export interface Entry {
  readonly name: string;
  readonly measured: Measured;
  /** One sentence for each loss, refusal or surplus of ids. */
  readonly faults: readonly string[];
}

export interface Contest {
  readonly entries: readonly Entry[];
  /** The contestants left out, each with the reason. */
  readonly skipped: readonly string[];
}

/** The id range of each load, so large that no load repeats the ids of another. */
const IDS_PER_LOAD = 1_000_000_000;

/** Sends the same load to each contestant in turn, round by round, then counts the ids they kept. */
export async function contest(
  contestants: readonly Contestant[],
  load: IngestLoad,
  settings: Settings,
  folder: string,
): Promise<Contest> {
  const running: { readonly name: string; readonly service: RunningContestant }[] = [];
  const skipped: string[] = [];
  try {
    for (const contestant of contestants) {
      const { name } = contestant;
      try {
        running.push({ name, service: await contestant.start(folder) });
      } catch (error) {
        if (!(error instanceof NotInstalledError)) {
          throw error;
        }
        skipped.push(`${name}: ${error.message}`);
      }
    }
    const measured = await interleave(
      running.map(({ service }) => ingestAt(service, load)),
      settings,
    );
    const entries: Entry[] = [];
    for (const [i, { name, service }] of running.entries()) {
      const ofThis = measured[i];
      if (ofThis !== undefined) {
        const faults = faultsOf(ofThis, await service.countKept(), load, settings.rounds + 1);
        entries.push({ name, measured: ofThis, faults: faults.map((fault) => `${name} ${fault}`) });
      }
    }
    return { entries, skipped };
  } finally {
    for (const { service } of running) {
      await service.stop();
    }
  }
}

function ingestAt({ url, pid }: RunningContestant, { connections, idsPerRequest }: IngestLoad): LoadMaker {
  let loads = 0;
  return (seconds) => ({
    url,
    pid,
    seconds,
    connections,
    kind: { name: 'ingest', idsPerRequest, firstId: 1 + IDS_PER_LOAD * loads++ },
  });
}

/** Compares the ids kept with those answered. The end of a load cuts off at most one request a connection. */
function faultsOf(
  { answered, refused }: Measured,
  idsKept: number | null,
  { connections, idsPerRequest }: IngestLoad,
  loads: number,
): string[] {
  const faults: string[] = [];
  if (refused > 0) {
    faults.push(`refused ${String(refused)} requests`);
  }
  if (idsKept !== null && idsKept < answered * idsPerRequest) {
    faults.push(`accepted ${String(answered * idsPerRequest)} ids and kept ${String(idsKept)}`);
  }
  if (idsKept !== null && idsKept > (answered + loads * connections) * idsPerRequest) {
    faults.push(`keeps ${String(idsKept)} ids of ${String(answered * idsPerRequest)} accepted: too many`);
  }
  return faults;
}
