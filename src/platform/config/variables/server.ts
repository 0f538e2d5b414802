import { choice, httpUrl, integer, seconds, text, type Variable } from '../variable.js';

const HOUR = 3600;

export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Variables for the HTTP server, authentication, logs and traces. */
export const SERVER_VARIABLES = {
  PORT: integer({
    min: 0,
    max: 65_535,
    default: 8000,
    description: 'The port that it listens on; 0 takes a free one.',
  }),
  HOST: text({ default: '0.0.0.0', description: 'The address that it listens on.' }),
  PUBLIC_PATH: text({
    default: '',
    pattern: /^(\/[\w.~-]+)*$/,
    must: 'be a path such as /gate, without a slash at its end',
    shownDefault: 'none',
    description:
      'The path under which a reverse proxy serves the service, such as `/gate`. The proxy takes it off; links, `Location` and the document name it.',
  }),
  LOG_LEVEL: choice(LOG_LEVELS, {
    default: 'INFO',
    description: 'DEBUG (with a line for each request), INFO, WARNING or ERROR, any case.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl({
    description:
      'Traces are sent there, by OTLP over HTTP: `http://collector:4318`. Without it there are none.',
  }),
  API_KEYS_FILE: text({
    description:
      'Path of the file of API keys. When set, every request must authenticate, see [Security](security.md).',
  }),
  JWT_ISSUER: text({
    description: 'The issuer of tokens; set the three `JWT_*` and `JWKS_*` variables together or none.',
  }),
  JWT_AUDIENCE: text({ description: 'The audience that tokens must name.' }),
  JWKS_URL: httpUrl({ isSecret: true, description: "The address of the issuer's keys." }),
  CORS_ORIGINS: text({
    description: 'Origins whose pages may read answers, with commas between them; `*` is any.',
  }),
  ALLOWED_HOSTS: text({
    description:
      'Without keys and tokens: names by which browsers and programs may call the service, with commas between them; ' +
      '`*.svc.cluster.local` is every name below one, `*` any. Addresses, `localhost` and names without a dot are always allowed.',
  }),
  TRUST_PROXY: text({
    description:
      'How many proxies stand in front, or their addresses and networks, with commas between them.',
  }),
  REQUEST_HEADERS_TIMEOUT: seconds({
    min: 0.1,
    max: HOUR,
    default: 10,
    description: 'The longest time that the headers of a request take.',
  }),
  REQUEST_IDLE_TIMEOUT: seconds({
    min: 0.1,
    max: HOUR,
    default: 20,
    description: 'In each such time a body must advance by 100 bytes a second.',
  }),
  RESPONSE_IDLE_TIMEOUT: seconds({
    min: 0.1,
    max: HOUR,
    default: 60,
    description:
      'In each such time a client must read 100 bytes a second of a response that waits, else it is disconnected.',
  }),
  KEEP_ALIVE_TIMEOUT: seconds({
    min: 0.1,
    max: HOUR,
    default: 65,
    description: "How long an idle connection stays open; make it longer than a load balancer's own.",
  }),
  MAX_CONNECTIONS: integer({
    min: 1,
    max: 1_000_000,
    default: 10_000,
    description: 'The most open connections; more are closed at once.',
  }),
} satisfies Readonly<Record<string, Variable<unknown>>>;
