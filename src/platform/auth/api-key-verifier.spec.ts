import { describe, expect, it } from '@jest/globals';
import { newApiKey } from './api-key.js';
import { TooManyKeyChecksError } from './authenticator.js';
import { hashKey } from './key-hash.js';
import { ApiKeyVerifier } from './api-key-verifier.js';
import { toVerifiableKey, type VerifiableKey } from './keys-file.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

async function make(client: string): Promise<{ text: string; known: VerifiableKey }> {
  const runtime = new SystemRuntime();
  const { keyId, text } = newApiKey(runtime);
  const known = toVerifiableKey({ id: keyId, client, scopes: ['read'], hash: await hashKey(text, runtime) });
  return { text, known };
}

/** The same key id with a secret that is another. */
function wrong(text: string, i = 0): string {
  return `${text.slice(0, -4)}${String(i).padStart(4, '-')}`;
}

describe('A ring of keys', () => {
  it('knows its keys, and only them', async () => {
    const [a, b, stranger] = [await make('a'), await make('b'), await make('c')];
    const ring = new ApiKeyVerifier();
    ring.replace([a.known, b.known]);
    expect((await ring.verify(a.text))?.name).toBe('a');
    expect((await ring.verify(b.text))?.name).toBe('b');
    for (const text of [stranger.text, wrong(a.text), '', 'sluice_', a.text.slice(0, -1), `${a.text}x`]) {
      expect(await ring.verify(text)).toBeNull();
    }
  });

  it('derives a key once: after that it is found at once, also while others are derived', async () => {
    const a = await make('a');
    const ring = new ApiKeyVerifier();
    ring.replace([a.known]);
    await ring.verify(a.text);
    const derived = ring.derivations;
    for (let i = 0; i < 100; i++) {
      expect((await ring.verify(a.text))?.name).toBe('a');
    }
    expect(ring.derivations).toBe(derived);
  });

  it('derives a wrong key once', async () => {
    const a = await make('a');
    const ring = new ApiKeyVerifier();
    ring.replace([a.known]);
    await Promise.all(Array.from({ length: 50 }, () => ring.verify(wrong(a.text))));
    await ring.verify(wrong(a.text));
    expect(ring.derivations).toBe(1);
  });

  it('turns wrong keys of one id away where they are many, and goes on with those of others', async () => {
    const [a, b] = [await make('a'), await make('b')];
    const ring = new ApiKeyVerifier();
    ring.replace([a.known, b.known]);
    const flood = Array.from({ length: 100 }, (_, i) => ring.verify(wrong(a.text, i)));
    const right = ring.verify(b.text);
    const ended = await Promise.allSettled(flood);
    const turnedAway = ended.filter((end) => end.status === 'rejected');
    expect(turnedAway.length).toBe(90);
    expect(turnedAway.every(({ reason }) => reason instanceof TooManyKeyChecksError)).toBe(true);
    expect((await right)?.name).toBe('b');
  });

  it('turns keys away if too many of different ids are checked, and accepts them again afterwards', async () => {
    const a = await make('a');
    const keys = Array.from({ length: 50 }, (_, i) => ({
      ...a.known,
      keyId: `${a.known.keyId.slice(0, -2)}${String(i + 10)}`,
    }));
    const ring = new ApiKeyVerifier();
    ring.replace(keys);
    const texts = keys.map(({ keyId }) => a.text.replace(a.known.keyId, keyId));
    const ended = await Promise.allSettled(texts.map((text) => ring.verify(text)));
    expect(ended.filter((end) => end.status === 'rejected')).toHaveLength(16);
    expect(await ring.verify(texts.at(-1) ?? '')).toBeNull();
  });

  it('forgets a key that is taken out, also one that had passed or is being derived', async () => {
    const [a, b] = [await make('a'), await make('b')];
    const ring = new ApiKeyVerifier();
    ring.replace([a.known, b.known]);
    await ring.verify(a.text);
    const underWay = ring.verify(b.text);
    ring.replace([]);
    expect(await ring.verify(a.text)).toBeNull();
    expect(await underWay).toBeNull();
  });

  it('knows a client anew whose scopes have changed', async () => {
    const a = await make('a');
    const ring = new ApiKeyVerifier();
    ring.replace([a.known]);
    await ring.verify(a.text);
    ring.replace([{ ...a.known, client: { name: 'a', scopes: new Set(['admin']) } }]);
    expect((await ring.verify(a.text))?.scopes).toEqual(new Set(['admin']));
  });
});
