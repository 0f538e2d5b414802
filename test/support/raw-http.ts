import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Listens on a free port of the loopback interface. */
export async function listen(app: NestExpressApplication): Promise<number> {
  await app.listen(0, '127.0.0.1');
  return (app.getHttpServer().address() as AddressInfo).port;
}

/** Sends raw bytes and resolves with all bytes received; `hangUp` destroys the socket after sending. */
export function sendRaw(port: number, chunks: readonly (string | Buffer)[], hangUp = false): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => {
      for (const chunk of chunks) {
        socket.write(chunk);
      }
      if (hangUp) {
        socket.end(() => socket.destroy());
      }
    });
    socket.on('data', (data) => (received += data.toString()));
    socket.on('error', () => undefined); // a reset ends the connection too
    socket.on('close', () => {
      resolve(received);
    });
  });
}
