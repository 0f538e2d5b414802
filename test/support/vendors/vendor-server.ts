import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import type { VendorChoice, VendorReport } from './vendor-process.js';

const PROGRAM = fileURLToPath(new URL('vendor-process.ts', import.meta.url));
const LOADER = new URL('load.ts', import.meta.url).href;

/**
 * A server with the API of a vendor. It runs in a process of its own: a pause of the test would make requests arrive together
 * that were sent apart, and the vendor would refuse them.
 */
export class VendorServer {
  private constructor(
    private readonly process: ChildProcess,
    readonly origin: string,
  ) {}

  static async start(choice: VendorChoice): Promise<VendorServer> {
    const process = fork(PROGRAM, [JSON.stringify(choice)], { execArgv: ['--import', LOADER] });
    return new VendorServer(process, String((await once(process, 'message'))[0]));
  }

  async report(): Promise<VendorReport> {
    this.process.send('report');
    return (await once(this.process, 'message'))[0] as VendorReport;
  }

  stop(): void {
    this.process.kill();
  }
}

/** Starts servers of vendors that stop with the test. */
export function useVendors(): (...choice: VendorChoice) => Promise<VendorServer> {
  const servers: VendorServer[] = [];
  afterEach(() => {
    servers.splice(0).forEach((server) => {
      server.stop();
    });
  });
  return async (...choice) => {
    const server = await VendorServer.start(choice);
    servers.push(server);
    return server;
  };
}
