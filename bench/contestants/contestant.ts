import type { ServiceProcess } from '../../scripts/demo/service-process.ts';

/** A service under comparison: accepts lists at `POST /ingest`, in a process of its own. */
export interface Contestant {
  readonly name: string;
  /** @throws NotInstalledError when a program that it needs is not installed on this machine. */
  start(folder: string): Promise<RunningContestant>;
}

export interface RunningContestant {
  readonly url: string;
  readonly pid: number;
  /** Ends the service and counts the ids in its store; resolves with null if it stores nothing. */
  countKept(): Promise<number | null>;
  /** Ends the service and the servers started for it. */
  stop(): Promise<void>;
}

/** The reason to leave a contestant out; the table shows it. */
export class NotInstalledError extends Error {
  override readonly name = 'NotInstalledError';
}

interface Stoppable {
  stop(): Promise<void>;
}

/** Starts a service on a server; stops the server if the service does not start. */
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
