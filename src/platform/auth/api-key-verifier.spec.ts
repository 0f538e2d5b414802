import { describe, expect, it } from '@jest/globals';
import { newApiKey } from './api-key.js';
import { TooManyKeyChecksError } from './authenticator.js';
import { hashKey } from './key-hash.js';
import { ApiKeyVerifier, MAX_WRONG_SECRETS_PER_KEY, WRONG_SECRET_REFILL_MS } from './api-key-verifier.js';
import { toVerifiableKey, type VerifiableKey } from './keys-file.js';
import { ManualClock } from '../../../test/support/manual-clock.js';
import { SystemRuntime } from '../../domain/system-runtime.js';

const KEY_ID_END = 'sluice_0123456789abcdef_'.length;

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
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([a.known, b.known]);
    expect((await ring.verify(a.text))?.name).toBe('a');
    expect((await ring.verify(b.text))?.name).toBe('b');
    for (const text of [stranger.text, wrong(a.text), '', 'sluice_', a.text.slice(0, -1), `${a.text}x`]) {
      expect(await ring.verify(text)).toBeNull();
    }
  });

  it('derives a key once: after that it is found at once, also while others are derived', async () => {
    const a = await make('a');
    const ring = new ApiKeyVerifier(new SystemRuntime());
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
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([a.known]);
    await Promise.all(Array.from({ length: 50 }, () => ring.verify(wrong(a.text))));
    await ring.verify(wrong(a.text));
    expect(ring.derivations).toBe(1);
  });

  it('turns wrong keys of one id away where they are many, and goes on with those of others', async () => {
    const [a, b] = [await make('a'), await make('b')];
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([a.known, b.known]);
    const flood = Array.from({ length: 100 }, (_, i) => ring.verify(wrong(a.text, i)));
    const right = ring.verify(b.text);
    const ended = await Promise.allSettled(flood);
    const turnedAway = ended.filter((end) => end.status === 'rejected');
    expect(turnedAway.length).toBe(90);
    expect(turnedAway.every(({ reason }) => reason instanceof TooManyKeyChecksError)).toBe(true);
    expect((await right)?.name).toBe('b');
  });

  it('forgets a key that is taken out, also one that had passed or is being derived', async () => {
    const [a, b] = [await make('a'), await make('b')];
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([a.known, b.known]);
    await ring.verify(a.text);
    const underWay = ring.verify(b.text);
    ring.replace([]);
    expect(await ring.verify(a.text)).toBeNull();
    expect(await underWay).toBeNull();
  });

  it('keeps a key that is being derived when another one is added', async () => {
    const [a, b] = [await make('a'), await make('b')];
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([a.known]);
    const underWay = ring.verify(a.text);
    ring.replace([{ ...a.known }, b.known]);
    expect((await underWay)?.name).toBe('a');
  });

  it('knows the new secret of a key id, not the old one, when it is replaced while both are derived', async () => {
    const [a, other] = [await make('a'), await make('other')];
    const text = a.text.slice(0, KEY_ID_END) + other.text.slice(KEY_ID_END);
    const hash = await hashKey(text, new SystemRuntime());
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([a.known]);
    const underWay = [ring.verify(a.text), ring.verify(text)];
    ring.replace([toVerifiableKey({ id: a.known.keyId, client: 'a', scopes: ['read'], hash })]);
    expect(await Promise.all(underWay)).toEqual([null, null]);
    expect(await ring.verify(a.text)).toBeNull();
    expect((await ring.verify(text))?.name).toBe('a');
  });

  it('knows a client anew whose scopes have changed', async () => {
    const a = await make('a');
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([a.known]);
    await ring.verify(a.text);
    ring.replace([{ ...a.known, client: { name: 'a', scopes: new Set(['admin']) } }]);
    expect((await ring.verify(a.text))?.scopes).toEqual(new Set(['admin']));
  });

  it('verifies a good key while wrong secrets of five others come without end', async () => {
    const attacked = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(make));
    const good = await make('good');
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([...attacked.map(({ known }) => known), good.known]);
    const flood = attacked.flatMap(({ text }) =>
      Array.from({ length: 30 }, (_, i) => ring.verify(wrong(text, i))),
    );
    const ended = Promise.allSettled(flood);
    expect((await ring.verify(good.text))?.name).toBe('good');
    expect(ring.derivations).toBeLessThan(12); // one turn of each key id, and what runs beside it
    await ended;
  });

  it('computes no hash for a wrong secret of a key that has passed', async () => {
    const a = await make('a');
    const ring = new ApiKeyVerifier(new SystemRuntime());
    ring.replace([a.known]);
    await ring.verify(a.text);
    for (let i = 0; i < 20; i++) {
      expect(await ring.verify(wrong(a.text, i))).toBeNull();
    }
    expect(ring.derivations).toBe(1);
    expect((await ring.verify(a.text))?.name).toBe('a');
  });

  it('checks so many wrong secrets of a key at once, then one in each second, and the right one after it', async () => {
    const a = await make('a');
    const clock = new ManualClock();
    const ring = new ApiKeyVerifier(clock);
    ring.replace([a.known]);
    for (let i = 0; i < MAX_WRONG_SECRETS_PER_KEY; i++) {
      expect(await ring.verify(wrong(a.text, i))).toBeNull();
    }
    await expect(ring.verify(wrong(a.text, 100))).rejects.toThrow(TooManyKeyChecksError);
    clock.advance(WRONG_SECRET_REFILL_MS);
    expect(await ring.verify(wrong(a.text, 101))).toBeNull();
    await expect(ring.verify(a.text)).rejects.toThrow(TooManyKeyChecksError);
    clock.advance(WRONG_SECRET_REFILL_MS);
    expect((await ring.verify(a.text))?.name).toBe('a');
    expect(ring.derivations).toBe(MAX_WRONG_SECRETS_PER_KEY + 2);
  });
});
