import { choice, decimal, flag, integer, seconds, size, text, type Variable } from '../variable.js';

const SECRET = String.raw`whsec_[A-Za-z0-9+/]{32,172}={0,2}`;
/** One secret of Standard Webhooks, or several with spaces between them. */
export const SECRETS_PATTERN = new RegExp(String.raw`^\s*${SECRET}(\s+${SECRET})*\s*$`);
const SECRETS_MUST =
  'be whsec_ and the base64 of 24 to 128 random bytes, or several with spaces between them';

/** Variables for submitting ingestions, and for webhooks. */
export const INTAKE_VARIABLES = {
  IDEMPOTENCY_WINDOW_SECONDS: decimal({
    min: 0,
    max: 365 * 86_400,
    default: 300,
    description: 'How long a repeated request gives the same ingestion; 0 turns idempotency off.',
  }),
  IDEMPOTENCY_BY_CONTENT: flag({
    default: true,
    description: 'Equal requests without an `Idempotency-Key` give the same ingestion.',
  }),
  MAX_IDS_PER_REQUEST: integer({
    min: 1,
    max: 10_000_000,
    default: 100_000,
    description: 'The most ids that `POST /ingest` takes.',
  }),
  BODY_LIMIT: size({ default: '4mb', description: 'The largest body that a request may have.' }),
  MAX_STREAM_IDS: integer({
    min: 1,
    max: 500_000_000,
    default: 10_000_000,
    description: 'The most ids that `POST /ingest/stream` takes, up to 500000000.',
  }),
  STREAM_LIMIT: size({
    default: '2gb',
    description: 'The largest body that `POST /ingest/stream` takes, counted after it is unpacked.',
  }),
  MAX_WAITING_IDS: integer({
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    default: 0,
    shownDefault: '0 (off)',
    description:
      'The most pending ids of one client, accepted and not yet sent, see [Security](security.md#limits-of-a-client).',
  }),
  RATE_LIMIT_REQUESTS: integer({
    min: 0,
    max: 1_000_000_000,
    default: 0,
    shownDefault: '0 (off)',
    description: 'Requests of one client a minute, see [Security](security.md#limits-of-a-client).',
  }),
  RATE_LIMIT_IDS: integer({
    min: 0,
    max: 1_000_000_000,
    default: 0,
    shownDefault: '0 (off)',
    description: 'Ids that one client may submit a minute.',
  }),
  MAX_STREAMS_PER_CLIENT: integer({
    min: 1,
    max: 1_000_000,
    default: 1000,
    description:
      'The most event streams, long polls, streamed lists and long responses of one client that are open at the same time.',
  }),
  RESULTS: choice(['on', 'off'], {
    default: 'on',
    description: '`off` stores outcomes alone, not what the upstream answered.',
  }),
  WEBHOOK_SECRET: text({
    isSecret: true,
    pattern: SECRETS_PATTERN,
    must: SECRETS_MUST,
    description:
      '`whsec_…` signs all [webhooks](webhooks.md#secrets); several with spaces between them. All receivers share it: `WEBHOOK_MASTER_SECRET` is better.',
  }),
  WEBHOOK_MASTER_SECRET: text({
    isSecret: true,
    pattern: SECRETS_PATTERN,
    must: SECRETS_MUST,
    description:
      '`whsec_…`, which no receiver knows: each client has a secret derived from it, see [Webhooks](webhooks.md#secrets). Without this and `WEBHOOK_SECRET` there are no webhooks.',
  }),
  WEBHOOK_SECRETS_FILE: text({
    description: 'A file of secrets for single clients, in place of the derived ones.',
  }),
  WEBHOOK_TIMEOUT: seconds({
    min: 0.1,
    max: 300,
    default: 15,
    description: 'The longest time that one attempt of a webhook takes.',
  }),
  CALLBACK_ALLOW: text({
    default: '',
    shownDefault: 'none',
    description:
      'Names, addresses and networks that a `callback_url` may lead to although they are not public.',
  }),
} satisfies Readonly<Record<string, Variable<unknown>>>;
