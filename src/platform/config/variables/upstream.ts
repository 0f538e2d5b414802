import { choice, decimal, httpUrl, integer, seconds, size, text, type Variable } from '../variable.js';

const DAY = 86_400;

/** Variables for the external API, real or simulated. */
export const UPSTREAM_VARIABLES = {
  EXTERNAL_API_URL: httpUrl({
    lane: 'url',
    isSecret: true,
    description: 'The upstream, see [Upstream](upstream.md). Without it the simulated API stands in.',
  }),
  EXTERNAL_API_METHOD: choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], {
    lane: 'method',
    isOfUpstream: true,
    shownDefault: 'POST, or GET',
    description: 'GET, POST, PUT, PATCH or DELETE; GET is the default where the URL holds `{id}`.',
  }),
  EXTERNAL_API_HEADERS: text({
    lane: 'headers',
    isOfUpstream: true,
    isSecret: true,
    description: 'A JSON object of headers that every request carries.',
  }),
  EXTERNAL_API_REQUEST: text({
    lane: 'request',
    isOfUpstream: true,
    isSecret: true,
    description:
      'The form of a request, in YAML or JSON: query, headers, and a body in JSON or a form, see [Vendors](vendors.md).',
  }),
  EXTERNAL_API_ANSWER: text({
    lane: 'answer',
    isOfUpstream: true,
    isSecret: true,
    description:
      'The form of an answer, in YAML or JSON: the places of results, ids, data and errors, see [Vendors](vendors.md).',
  }),
  EXTERNAL_API_TOKEN_FILE: text({
    lane: 'token_file',
    isOfUpstream: true,
    description: 'A file with a bearer token, read again when it changes.',
  }),
  EXTERNAL_API_OAUTH_TOKEN_URL: httpUrl({
    lane: 'oauth_token_url',
    isOfUpstream: true,
    isSecret: true,
    description:
      'The token endpoint of an OAuth 2.0 server that gives the bearer token, see [Upstream](upstream.md#oauth-20).',
  }),
  EXTERNAL_API_OAUTH_CLIENT_ID: text({
    lane: 'oauth_client_id',
    isOfUpstream: true,
    description: 'The name of this client at the token server.',
  }),
  EXTERNAL_API_OAUTH_CLIENT_SECRET_FILE: text({
    lane: 'oauth_client_secret_file',
    isOfUpstream: true,
    description: 'A file with the secret of this client, read for each token.',
  }),
  EXTERNAL_API_OAUTH_CLIENT_AUTH: choice(['basic', 'post'], {
    default: 'basic',
    lane: 'oauth_client_auth',
    isOfUpstream: true,
    description: 'The way to send the secret: by `basic` authentication, or as a field of the `post`ed form.',
  }),
  EXTERNAL_API_OAUTH_REFRESH_TOKEN_FILE: text({
    lane: 'oauth_refresh_token_file',
    isOfUpstream: true,
    description:
      'A file with a refresh token: with it tokens are refreshed, without it they are asked for by client credentials. ' +
      'A new refresh token of the server replaces the file.',
  }),
  EXTERNAL_API_OAUTH_SCOPE: text({
    lane: 'oauth_scope',
    isOfUpstream: true,
    description: 'The scopes to ask for, with spaces between them.',
  }),
  EXTERNAL_API_OAUTH_AUDIENCE: text({
    lane: 'oauth_audience',
    isOfUpstream: true,
    description: 'The `audience` to ask for, where the token server wants one.',
  }),
  EXTERNAL_API_CA_FILE: text({
    lane: 'ca_file',
    isOfUpstream: true,
    description: 'Certificates (PEM) trusted in place of the well-known ones.',
  }),
  EXTERNAL_API_CLIENT_CERT_FILE: text({
    lane: 'client_cert_file',
    isOfUpstream: true,
    description:
      'A client certificate (PEM, with its intermediate ones) for an upstream that asks for one, read again when it changes.',
  }),
  EXTERNAL_API_CLIENT_KEY_FILE: text({
    lane: 'client_key_file',
    isOfUpstream: true,
    description: 'The private key (PEM, no passphrase) of that certificate.',
  }),
  LANE_URL_ALLOW: text({
    default: '',
    shownDefault: 'none',
    description:
      'Names, addresses and networks that the `url` of a lane made over the API may lead to although they are not public, see [Lanes](lanes.md#make-and-retire-lanes-over-the-api).',
  }),
  LANE_TOKEN_DIR: text({
    description:
      'The directory of the token files that lanes made over the API may name. Without it they have no `token_file`.',
  }),
  HTTPS_PROXY: httpUrl({
    isSecret: true,
    description:
      'An HTTP proxy, with its user and password if it has them, through which upstreams and token servers with https are reached.',
  }),
  NO_PROXY: text({
    description: 'Hosts that are reached without the proxy, with commas between them; `*` is all.',
  }),
  EXTERNAL_API_MAX_ANSWER: size({
    default: '16mb',
    lane: 'max_answer',
    description: 'The largest answer that is read, counted after it is unpacked.',
  }),
  EXTERNAL_API_TIMEOUT: seconds({
    min: 0.001,
    max: DAY,
    default: 30,
    lane: 'timeout',
    description: 'A call is aborted after this time; ids without an answer by then have failed.',
  }),
  RATE_LIMIT_HEADERS: text({
    default: 'standard',
    lane: 'rate_limit_headers',
    isOfUpstream: true,
    description:
      'The headers in which the upstream tells its limits, with commas between them: `standard` and pairs ' +
      '`X-Calls-Left/X-Calls-Reset`; `off` reads none. See [Upstream](upstream.md#limits-that-the-upstream-tells).',
  }),
  MOCK_DELAY_MIN: seconds({
    min: 0,
    max: DAY,
    default: 1,
    description: 'The shortest time that the simulated API takes for an id.',
  }),
  MOCK_DELAY_MAX: seconds({
    min: 0,
    max: DAY,
    default: 3,
    description: 'The longest time that the simulated API takes for an id.',
  }),
  MOCK_ERROR_RATE: decimal({
    min: 0,
    max: 1,
    default: 0,
    description: 'The chance from 0 to 1 that the simulated API fails an id.',
  }),
  MOCK_SEED: integer({ description: 'Any integer: the delays and failures of the simulated API repeat.' }),
} satisfies Readonly<Record<string, Variable<unknown>>>;
