import type { EchoPatterns } from './echo-redactor.ts';
import { ID_PLACEHOLDER, type UpstreamOptions } from './upstream.options.js';

/** Shorter texts occur by chance. */
const MIN_LENGTH = 6;
/** The minimum length of a text that looks secret: with digits and letters, and of any other kind. */
const MIN_RANDOM_LENGTH = 8;
const MIN_LONG_LENGTH = 20;
/** Names of headers and query parameters whose values are secret. */
const SECRET_NAME = /auth|token|key|secret|pass|pwd|cookie|sig(?:$|n)|session|credential/i;
/** Headers whose values are never secret. */
const PUBLIC_HEADER =
  /^(?:accept|content-|user-agent|cache-control|prefer|from|origin|referer|date|.*version)/i;
const SCHEME = /^(?:basic|bearer|digest|token|apikey)$/i;
/** A text that looks like a key by its length, digits and letters. */
const LONG_KEY = /^(?=.*\d)(?=.*[A-Za-z])[\w+/=.~-]{20,}$/;
const DATE = /^\d{4}-\d{2}-\d{2}/;
/** Separates the parts of a header: `Basic …`, `a=1; b=2`. */
const SEPARATORS = /[\s;,]+/;

/** A text that was sent to the upstream. */
interface SentText {
  readonly text: string;
  /** True if it is secret by its name or its look. */
  readonly isSecret: boolean;
}

/**
 * Returns the texts that are removed from answers: those that were sent in headers, token, query and the lane's own
 * request, in each form in which an upstream may echo them.
 */
export function toEchoPatterns(upstream: UpstreamOptions, token: string | undefined): EchoPatterns {
  const sent = [
    ...Object.entries(upstream.headers).flatMap(([name, value]) => partsOfHeader(name, value)),
    ...(token === undefined ? [] : [{ text: token, isSecret: true }]),
    ...partsOfQuery(new URL(upstream.url).search),
    ...(upstream.mapping?.request?.headers ?? []).flatMap(({ name, text }) => partsOfHeader(name, text)),
    ...(upstream.mapping?.request?.parameters ?? []).flatMap(({ name, text }) => secretOf(name, text)),
  ];
  return {
    data: toPatterns(sent.filter(({ isSecret }) => isSecret)),
    messages: toPatterns(sent),
  };
}

function partsOfHeader(name: string, value: string): SentText[] {
  const parts = value.split(SEPARATORS).filter((part) => !SCHEME.test(part));
  const values = parts.map((part) => /^[\w-]+=(.+)$/.exec(part)?.[1] ?? part);
  const isPublic = PUBLIC_HEADER.test(name);
  return [value, ...parts, ...values, ...credentialsOf(value)].map((text) => ({
    text,
    isSecret: !isPublic && isSecret(name, text),
  }));
}

/** Returns the user with the password, and the password, of Basic authentication (RFC 7617). */
function credentialsOf(value: string): string[] {
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(value) ?? [];
  if (encoded === undefined) {
    return [];
  }
  const credentials = Buffer.from(encoded, 'base64').toString();
  return [credentials, credentials.slice(credentials.indexOf(':') + 1)];
}

/** Returns a text of a query or a body if it is secret: by its name and its look, because most such texts are public. */
function secretOf(name: string, text: string): SentText[] {
  return SECRET_NAME.test(name) && looksRandom(text) ? [{ text, isSecret: true }] : [];
}

function partsOfQuery(search: string): SentText[] {
  const raw = search
    .slice(1)
    .split('&')
    .map((part) => [part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1)] as const);
  return [...raw, ...new URLSearchParams(search)]
    .filter(([, value]) => !value.includes(ID_PLACEHOLDER))
    .map(([name, text]) => ({ text, isSecret: isSecret(name, text) }));
}

/** Tells whether a header is secret by its name or its look. Short values look public here, unlike in an echo. */
export function mayBeSecretHeader(name: string, value: string): boolean {
  return !PUBLIC_HEADER.test(name) && mayBeSecretParameter(name, value);
}

/** Tells whether a parameter of a query is secret by its name or its look. */
export function mayBeSecretParameter(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || SCHEME.test(value.split(' ', 1)[0] ?? '') || LONG_KEY.test(value);
}

function isSecret(name: string, text: string): boolean {
  return SECRET_NAME.test(name) || (!DATE.test(text) && looksRandom(text));
}

function looksRandom(text: string): boolean {
  const isMixed = /\d/.test(text) && /[A-Za-z]/.test(text);
  return (isMixed && text.length >= MIN_RANDOM_LENGTH) || text.length >= MIN_LONG_LENGTH;
}

/** Returns all forms of the texts, the longest first: a longer one may contain a shorter one. */
function toPatterns(sent: readonly SentText[]): string[] {
  const forms = new Set(
    sent.filter(({ text }) => text.length >= MIN_LENGTH).flatMap(({ text }) => formsOf(text)),
  );
  return [...forms].filter((form) => form.length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
}

/** Returns a text as it is, percent-encoded and in base64. */
function formsOf(text: string): string[] {
  const base64 = [...base64FormsOf(Buffer.from(text)), ...base64FormsOf(Buffer.from(text, 'latin1'))];
  return [text, ...percentForms(text), ...base64, ...base64.flatMap(percentForms)];
}

function percentForms(text: string): string[] {
  const component = encodeURIComponent(text.toWellFormed());
  const strict = component.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const encoded = [component, strict, strict.replaceAll('%20', '+'), encodeURI(text.toWellFormed())];
  return [...encoded, ...encoded.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/**
 * Returns the base64 that these bytes have inside a longer text, in both alphabets: one form for each place of the first
 * byte within a group of three. Characters that depend on the neighbouring bytes are left out.
 */
function base64FormsOf(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + bytes.length) * 8) / 6);
    const form = encoded.slice(first, end);
    return [form, form.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
