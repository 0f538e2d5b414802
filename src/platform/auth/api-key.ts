import type { Runtime } from '../../domain/runtime.js';

/** An API key as a client holds it. The key id selects the one hash that its secret is compared with. */
export interface ApiKey {
  readonly keyId: string;
  /** The whole key: `sluice_<key id>_<secret>`. */
  readonly text: string;
}

const FORM = /^sluice_([0-9a-f]{16})_[\w-]{43}$/;
const SECRET_BYTES = 32;

export function newApiKey(runtime: Runtime): ApiKey {
  const keyId = runtime.randomBytes(8).toString('hex');
  return { keyId, text: `sluice_${keyId}_${runtime.randomBytes(SECRET_BYTES).toString('base64url')}` };
}

/** Parses an API key. Returns undefined if the text is not a key. */
export function readApiKey(text: string): ApiKey | undefined {
  const [, keyId] = FORM.exec(text) ?? [];
  return keyId === undefined ? undefined : { keyId, text };
}
