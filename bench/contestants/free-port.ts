import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A port that is free now; the system gives this one to nobody else in the next moments. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
