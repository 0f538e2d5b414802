import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

const VALID_FROM = '200101000000Z';
const VALID_UNTIL = '491231235959Z';
const [INTEGER, BIT_STRING, OCTET_STRING, UTF8, UTC_TIME, SEQUENCE, SET] = [2, 3, 4, 12, 23, 0x30, 0x31];
const ECDSA_WITH_SHA256 = der(SEQUENCE, Buffer.from('06082a8648ce3d040302', 'hex'));
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const BASIC_CONSTRAINTS = Buffer.from('0603551d13', 'hex');
const SUBJECT_ALTERNATIVE_NAME = Buffer.from('0603551d11', 'hex');
const TRUE = Buffer.from('0101ff', 'hex');

/** A certificate with its key, both in PEM form. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority that no client trusts by default. */
export class Authority {
  readonly cert: string;
  private readonly keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  private issued = 1;

  constructor(private readonly name = 'an authority of the tests') {
    this.cert = this.issue(name, this.keys.publicKey, [
      BASIC_CONSTRAINTS,
      TRUE,
      der(OCTET_STRING, der(SEQUENCE, TRUE)),
    ]);
  }

  /** Issues a certificate for a server or client with this name or address; `validUntil` is a UTCTime. */
  identityOf(host: string, validUntil = VALID_UNTIL): Identity {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const name = isIPv4(host)
      ? der(0x87, Buffer.from(host.split('.').map(Number)))
      : der(0x82, Buffer.from(host));
    return {
      cert: this.issue(
        host,
        publicKey,
        [SUBJECT_ALTERNATIVE_NAME, der(OCTET_STRING, der(SEQUENCE, name))],
        validUntil,
      ),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    };
  }

  /** Encodes a certificate (RFC 5280), with the required parts only. */
  private issue(
    subject: string,
    publicKey: KeyObject,
    extension: readonly Buffer[],
    validUntil = VALID_UNTIL,
  ): string {
    const version3 = der(0xa0, der(INTEGER, Buffer.from([2])));
    const toBeSigned = der(
      SEQUENCE,
      version3,
      der(INTEGER, Buffer.from([this.issued++])),
      ECDSA_WITH_SHA256,
      nameOf(this.name),
      der(SEQUENCE, der(UTC_TIME, Buffer.from(VALID_FROM)), der(UTC_TIME, Buffer.from(validUntil))),
      nameOf(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, der(SEQUENCE, der(SEQUENCE, ...extension))),
    );
    const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', toBeSigned, this.keys.privateKey));
    const certificate = der(SEQUENCE, toBeSigned, ECDSA_WITH_SHA256, signature).toString('base64');
    const lines = certificate.match(/.{1,64}/g) ?? [];
    return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
  }
}

function nameOf(commonName: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(commonName)))));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
