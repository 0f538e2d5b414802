import type { ServiceProcess } from '../../scripts/demo/service-process.ts';

/** Who takes part: a service that accepts lists at `POST /ingest`, in a process of its own. */
export interface Contestant {
  readonly name: string;
  /** @throws NotInstalledError where something that it needs is not on this machine. */
  start(folder: string): Promise<RunningContestant>;
}

export interface RunningContestant {
  readonly url: string;
  readonly pid: number;
  /** How many ids it holds now, counted where it keeps them; null where it keeps nothing. Ends the service. */
  countKept(): Promise<number | null>;
  /** Ends it and whatever it brought along. */
  stop(): Promise<void>;
}

/** A contestant is left out, and the table says why. */
export class NotInstalledError extends Error {
  override readonly name = 'NotInstalledError';
}

interface Stoppable {
  stop(): Promise<void>;
}

/** A service with the server that it needs: where the service does not start, the server does not stay behind. */
export async function startOver(
  server: Stoppable,
  startService: () => Promise<ServiceProcess>,
): Promise<{ readonly service: ServiceProcess; readonly stop: () => Promise<void> }> {
  try {
    const service = await startService();
    const stop = async (): Promise<void> => {
      await service.kill();
      await server.stop();
    };
    return { service, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
