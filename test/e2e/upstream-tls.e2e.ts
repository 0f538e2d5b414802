import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { useBuiltService } from '../support/built-service.js';
import { Authority } from '../support/certificates.js';
import { TestClient } from '../support/client.js';
import { useTempFolders } from '../support/temp-folder.js';
import { waitFor } from '../support/wait-for.js';

describe('An upstream behind TLS, with a certificate of an authority of its own,', () => {
  const start = useBuiltService();
  const newFolder = useTempFolders();
  const authority = new Authority();
  let upstream: Server;
  let received: string[];

  beforeEach(async () => {
    received = [];
    upstream = createServer(authority.identityOf('127.0.0.1'), (request, response) => {
      void text(request).then((body) => {
        received.push(body);
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(body.replace('"ids"', '"results"').replace(/\d+/g, '{"id":$&}'));
      });
    });
    upstream.listen(0);
    await once(upstream, 'listening');
  });
  afterEach(() => {
    upstream.closeAllConnections();
    upstream.close();
  });

  function urlOn(host: string): string {
    return `https://${host}:${String((upstream.address() as AddressInfo).port)}/process`;
  }

  function file(name: string, content: string): string {
    const path = join(newFolder(), name);
    writeFileSync(path, content);
    return path;
  }

  it('is asked where that authority is trusted, and told nothing where it is not, or the name is another', async () => {
    const ca = file('ca.pem', authority.cert);
    const lanes = `lanes:
  stranger: {url: "${urlOn('127.0.0.1')}"}
  misnamed: {url: "${urlOn('localhost')}", ca_file: "${ca}"}
`;
    const service = await start({
      EXTERNAL_API_URL: urlOn('127.0.0.1'),
      EXTERNAL_API_CA_FILE: ca,
      LANES_FILE: file('lanes.yaml', lanes),
      BATCH_DELAY: '0.01',
    });
    const client = new TestClient(service.url);
    const trusted = await client.submit([1], 'HIGH', { lane: 'default' });
    await client.waitForStatus(trusted, 'completed');
    await client.submit([2], 'HIGH', { lane: 'stranger' });
    await client.submit([3], 'HIGH', { lane: 'misnamed' });
    for (const lane of ['stranger', 'misnamed']) {
      await client.waitFor<{ lanes: Record<string, { retries_waiting: number }> }>(
        '/queue',
        ({ lanes: each }) => each[lane]?.retries_waiting === 1,
      );
    }

    expect(received).toEqual(['{"ids":[1]}']);
    for (const cause of [
      'the certificate of the upstream is not trusted: UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'the certificate of the upstream is of another host: ERR_TLS_CERT_ALTNAME_INVALID',
    ]) {
      await waitFor(`"${cause}" in the log`, () => service.printed.includes(cause));
    }
  });
});
