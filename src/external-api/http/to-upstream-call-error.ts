import { UpstreamCallError } from '../external-api.js';
import { NotSentError } from './slot-gated-request.js';

/** The codes of zlib's errors. */
const DECOMPRESSION_ERROR = /^(Z_|ERR__)/;
/** The codes of OpenSSL's certificate verification. */
const CERTIFICATE_REFUSED = /^(?=[A-Z_]+$).*(?:_|^)(CERT|LEAF_SIGNATURE|INVALID_CA|CRL)(?:_|$)/;
/** The alerts of a TLS server that wants another client certificate, or one at all (RFC 8446, section 6). */
const CLIENT_REFUSED =
  /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/;
const HOST_MISMATCH = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** Converts an error of a request. The reason of an abort says more than the error that it caused. */
export function toUpstreamCallError(error: unknown, signal: AbortSignal): UpstreamCallError {
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (cause instanceof UpstreamCallError) {
    return cause;
  }
  if (cause instanceof NotSentError) {
    return new UpstreamCallError(
      'network',
      `the call failed: ${describe(toErrorCode(cause.cause ?? cause))}`,
      false,
      {
        cause: error,
        isUnsent: true,
      },
    );
  }
  const what = toErrorCode(cause);
  if (CLIENT_REFUSED.test(what)) {
    const message = `the call failed: the upstream refuses the client certificate: ${what}`;
    const isOutcomeUnknown = false; // it has not read the request
    return new UpstreamCallError('network', message, false, {
      cause: error,
      isRefused: true,
      isOutcomeUnknown,
    });
  }
  return DECOMPRESSION_ERROR.test(what)
    ? new UpstreamCallError('bad_answer', `the answer cannot be unpacked: ${what}`, false, { cause: error })
    : new UpstreamCallError('network', `the call failed: ${describe(what)}`, false, { cause: error });
}

function toErrorCode(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : message;
}

function describe(code: string): string {
  if (code === HOST_MISMATCH) {
    return `the certificate of the upstream is of another host: ${code}`;
  }
  return CERTIFICATE_REFUSED.test(code) ? `the certificate of the upstream is not trusted: ${code}` : code;
}
