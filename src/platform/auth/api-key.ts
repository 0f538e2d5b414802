import { randomBytes } from 'node:crypto';

/** An API key as its client holds it: its id names the one hash to compare its secret with. */
export interface ApiKey {
  readonly keyId: string;
  /** All of it: `sluice_<key id>_<secret>`. */
  readonly text: string;
}

const FORM = /^sluice_([0-9a-f]{16})_[\w-]{43}$/;
const SECRET_BYTES = 32;

export function newApiKey(): ApiKey {
  const keyId = randomBytes(8).toString('hex');
  return { keyId, text: `sluice_${keyId}_${randomBytes(SECRET_BYTES).toString('base64url')}` };
}

/** Undefined where the text is no key. */
export function readApiKey(text: string): ApiKey | undefined {
  const [, keyId] = FORM.exec(text) ?? [];
  return keyId === undefined ? undefined : { keyId, text };
}
