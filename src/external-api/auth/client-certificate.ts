import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { Logger } from '@nestjs/common';

/** The files of a client certificate, both in PEM form. */
export interface ClientCertificateFiles {
  /** The certificate, with the intermediate ones that lead to its authority. */
  readonly certFile: string;
  /** Its private key, without a passphrase. */
  readonly keyFile: string;
}

/** A certificate and its key, in PEM form. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

/** The certificate by which a lane proves to its upstream who it is. Its files may be replaced at any time. */
export class ClientCertificate {
  private readonly logger = new Logger('ClientCertificate');
  private identity: ClientIdentity;
  private version: string;
  private isStale = false;

  /** @throws Error with the reason; the message holds no part of the key. */
  constructor(private readonly files: ClientCertificateFiles) {
    this.version = versionOf(files);
    this.identity = readClientIdentity(files);
  }

  /** Returns what is in the files; the last certificate that could be used while they cannot be. */
  current(): ClientIdentity {
    try {
      const version = versionOf(this.files);
      if (version !== this.version) {
        this.identity = readClientIdentity(this.files);
        this.version = version;
      }
      this.isStale = false;
    } catch (error) {
      this.warnOnce(error);
    }
    return this.identity;
  }

  private warnOnce(error: unknown): void {
    if (!this.isStale) {
      const { message } = error as Error;
      this.logger.warn(
        `${this.files.certFile} cannot be used, the last client certificate stays: ${message}`,
      );
    }
    this.isStale = true;
  }
}

/**
 * Reads a certificate and its key.
 * @throws Error if they cannot be read or do not belong together; the message holds no part of the key.
 */
export function readClientIdentity({ certFile, keyFile }: ClientCertificateFiles): ClientIdentity {
  const cert = readFileSync(certFile, 'utf8');
  const key = readFileSync(keyFile, 'utf8');
  if (!new X509Certificate(cert).checkPrivateKey(toPrivateKey(key))) {
    throw new Error(`the key in ${keyFile} is not that of the certificate`);
  }
  return { cert, key };
}

function toPrivateKey(pem: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error('the key is no private key in PEM form without a passphrase', { cause: error });
  }
}

function versionOf({ certFile, keyFile }: ClientCertificateFiles): string {
  return [certFile, keyFile]
    .map((path) => statSync(path))
    .map(({ mtimeMs, ino, size }) => `${String(mtimeMs)} ${String(ino)} ${String(size)}`)
    .join();
}
