import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Authority, type Identity } from '../../../test/support/certificates.js';
import { CALL, failureOf, MAX_BYTES, NEVER } from '../../../test/support/http-upstream.js';
import { useTempFolders } from '../../../test/support/temp-folder.js';
import { SystemRuntime } from '../../domain/system-runtime.js';
import { readVariables } from '../../platform/config/read-variables.js';
import { HttpExternalApi } from '../http/http-external-api.js';
import { STANDARD_RATE_LIMIT_NAMES } from '../http/rate-limit-names.js';
import { ResponseParser } from '../http/response-parser.js';
import { toUpstream } from '../http/to-upstream.js';
import type { ClientCertificateFiles } from './client-certificate.js';

const REFUSED = /^the call failed: the upstream refuses the client certificate: ERR_SSL_/;

describe('A client certificate', () => {
  const authority = new Authority();
  const newFolder = useTempFolders();
  const parser = new ResponseParser();
  let server: Server;
  /** The names of the clients of each request. */
  let clients: unknown[];

  beforeEach(async () => {
    clients = [];
    const options = { ...authority.identityOf('127.0.0.1'), ca: authority.cert, requestCert: true };
    server = createServer({ ...options, rejectUnauthorized: true }, (request, response) => {
      clients.push((request.socket as TLSSocket).getPeerCertificate().subject.CN);
      response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
      response.end('{"results":[{"id":1},{"id":2}]}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function filesOf({ cert, key }: Identity): ClientCertificateFiles {
    const folder = newFolder();
    const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
    return files;
  }

  function urlOf(scheme: 'http' | 'https'): string {
    return `${scheme}://127.0.0.1:${String((server.address() as AddressInfo).port)}/process`;
  }

  function open(clientCertificate?: ClientCertificateFiles, url = urlOf('https')): HttpExternalApi {
    return new HttpExternalApi(
      {
        url,
        method: 'POST',
        headers: {},
        tokenFile: null,
        ca: authority.cert,
        maxResponseBytes: MAX_BYTES,
        rateLimitNames: STANDARD_RATE_LIMIT_NAMES,
        ...(clientCertificate !== undefined && { clientCertificate }),
      },
      parser,
      new SystemRuntime(),
    );
  }

  it('proves to the upstream who it is', async () => {
    const api = open(filesOf(authority.identityOf('sluice')));

    expect(await api.process(CALL, NEVER)).toHaveLength(2);
    expect(clients).toEqual(['sluice']);
  });

  it('is the one in the files at the next connection, and the last good one while they cannot be used', async () => {
    const files = filesOf(authority.identityOf('first'));
    const api = open(files);
    await api.process(CALL, NEVER);
    const second = authority.identityOf('second');
    writeFileSync(files.keyFile, second.key);
    await api.process(CALL, NEVER);
    writeFileSync(files.certFile, second.cert);
    await api.process(CALL, NEVER);
    rmSync(files.keyFile);
    await api.process(CALL, NEVER);

    expect(clients).toEqual(['first', 'first', 'second', 'second']);
  });

  it('is missed by the upstream where there is none: the ids lose no attempt, and the error says why', async () => {
    const failure = await failureOf(open().process(CALL, NEVER));

    expect(failure.message).toMatch(REFUSED);
    expect(failure).toMatchObject({ permanent: false, isOutcomeUnknown: false });
    expect(failure.isRefused || failure.isUnsent).toBe(true);
    expect(clients).toEqual([]);
  });

  it.each([
    ['has expired', 'ALERT_CERTIFICATE_EXPIRED', () => authority.identityOf('sluice', '240101000000Z')],
    ['is of a stranger', 'ALERT_UNKNOWN_CA', () => new Authority('x').identityOf('sluice')],
  ])('is refused where it %s, as OpenSSL says it: the ids lose no attempt', async (_, alert, identity) => {
    const { certFile, keyFile } = filesOf(authority.identityOf('127.0.0.1'));
    const ca = join(newFolder(), 'ca.pem');
    writeFileSync(ca, authority.cert);
    const options = [
      '-cert',
      certFile,
      '-key',
      keyFile,
      '-CAfile',
      ca,
      '-Verify',
      '1',
      '-verify_return_error',
    ];
    const openssl = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', '-www', ...options]);
    try {
      let printed = '';
      for await (const chunk of openssl.stdout) {
        printed += String(chunk);
        if (/ACCEPT .*:\d+\s/.test(printed)) {
          break;
        }
      }
      const port = /ACCEPT .*:(\d+)\s/.exec(printed)?.[1] ?? '';
      const api = open(filesOf(identity()), `https://127.0.0.1:${port}/process`);
      const failure = await failureOf(api.process(CALL, NEVER));

      expect(failure.message).toMatch(REFUSED);
      expect(failure.message).toContain(alert);
      expect(failure).toMatchObject({ permanent: false, isOutcomeUnknown: false });
      expect(failure.isRefused || failure.isUnsent).toBe(true);
    } finally {
      openssl.kill();
    }
  });

  it('is read from the settings', () => {
    const { certFile, keyFile } = filesOf(authority.identityOf('sluice'));
    const variables = readVariables({
      EXTERNAL_API_URL: urlOf('https'),
      EXTERNAL_API_CLIENT_CERT_FILE: certFile,
      EXTERNAL_API_CLIENT_KEY_FILE: keyFile,
    });

    expect(toUpstream(variables)?.clientCertificate).toEqual({ certFile, keyFile });
  });

  it.each([
    ['no key', { EXTERNAL_API_CLIENT_KEY_FILE: '' }, 'need each other'],
    ['a file that is missing', { EXTERNAL_API_CLIENT_CERT_FILE: '/does/not/exist' }, 'cannot be used'],
    ['an upstream without TLS', { EXTERNAL_API_URL: 'http://api.example.com/process' }, 'with https'],
  ])('is refused at the start with %s', (_, more, message) => {
    const { certFile, keyFile } = filesOf(authority.identityOf('sluice'));
    const settings = {
      EXTERNAL_API_URL: urlOf('https'),
      EXTERNAL_API_CLIENT_CERT_FILE: certFile,
      EXTERNAL_API_CLIENT_KEY_FILE: keyFile,
    };

    expect(() => toUpstream(readVariables({ ...settings, ...more }))).toThrow(message);
  });

  it('is refused at the start with the key of another one, of which the message holds nothing', () => {
    const { certFile } = filesOf(authority.identityOf('sluice'));
    const { keyFile } = filesOf(authority.identityOf('other'));
    const variables = readVariables({
      EXTERNAL_API_URL: urlOf('https'),
      EXTERNAL_API_CLIENT_CERT_FILE: certFile,
      EXTERNAL_API_CLIENT_KEY_FILE: keyFile,
    });

    expect(() => toUpstream(variables)).toThrow(
      `EXTERNAL_API_CLIENT_CERT_FILE cannot be used: the key in ${keyFile} is not that of the certificate`,
    );
  });
});
