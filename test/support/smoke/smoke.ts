import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { ServiceProcess } from '../../../scripts/demo/service-process.js';
import { waitFor } from '../wait-for.js';
import { normalize, SmokeApi, type Observation } from './api.js';
import { Outside } from './outside.js';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;

/** A build of Sluice that can be started. */
export interface Build {
  readonly node: string;
  /** The file of the command `sluice`. */
  readonly sluice: string;
}

export interface Smoke {
  readonly observations: Readonly<Record<string, Observation>>;
  /** The text of `/openapi.json`. */
  readonly document: string;
}

/**
 * Runs `sluice` to its end, and resolves with its output.
 * @throws Error unless it succeeds.
 */
export async function runSluice(
  { node, sluice }: Build,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Promise<string> {
  const child = spawn(node, [sluice, ...args], { env: { PATH: process.env['PATH'], ...environment } });
  child.stdin.end(input);
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (status !== 0) {
    throw new Error(`sluice ${args.join(' ')}: ${String(status)} ${stdout}${stderr}`);
  }
  return stdout;
}

/** Uses each main feature of a build once, and reports what it observed. */
export async function smoke(
  build: Build,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Smoke> {
  const keysFile = join(folder, 'keys.json');
  const scopes = ['--scopes', 'submit,read,admin'];
  const created = await runSluice(build, ['keys', 'create', '--file', keysFile, '--client', 'me', ...scopes]);
  const key = created.trim();
  const outside = await Outside.open();
  const service = await ServiceProcess.start({
    name: 'the service',
    command: [build.node, build.sluice, 'serve'],
    environment: {
      HOST: '127.0.0.1',
      PORT: '0',
      LOG_LEVEL: 'DEBUG',
      DATA_DIR: join(folder, 'data'),
      BACKUP_DIR: join(folder, 'backups'),
      BATCH_DELAY: '0',
      MAX_ATTEMPTS: '1',
      API_KEYS_FILE: keysFile,
      RATE_LIMIT_REQUESTS: '100000',
      EXTERNAL_API_URL: `${outside.url}/items/{id}`,
      WEBHOOK_SECRET: SECRET,
      CALLBACK_ALLOW: '127.0.0.1',
      OTEL_EXPORTER_OTLP_ENDPOINT: outside.url,
      ...environment,
    },
  });
  try {
    const api = new SmokeApi(service.url, key);
    const document = await (await api.ask('GET', '/openapi.json')).text();
    const observations = {
      pages: await api.pages(),
      errors: await api.errors(),
      list: await api.list(`${outside.url}/hook`),
      streams: await api.streams(),
      control: await api.control(),
      events: await api.events(),
      operation: await api.operation(),
      webhook: await readWebhook(outside),
      commands: await commands(build, service.url, key, folder),
      traces: await waitFor(
        'a trace to be exported',
        () => outside.requestsTo('/v1/traces')[0]?.headers['content-type'],
      ),
      ending: await service.stop(),
    };
    return { observations, document };
  } finally {
    await service.kill();
    outside.close();
  }
}

async function readWebhook(outside: Outside): Promise<Observation> {
  const [message] = await waitFor(
    'a webhook',
    () => outside.requestsTo('/hook'),
    ({ length }) => length > 0,
  );
  const headers = (message?.headers ?? {}) as Record<string, string>;
  return normalize(JSON.stringify(new Webhook(SECRET).verify(message?.body.toString() ?? '', headers)));
}

async function commands(build: Build, url: string, key: string, folder: string): Promise<Observation> {
  const ids = join(folder, 'ids.txt');
  writeFileSync(ids, '51\n52\n53\n');
  const run = (args: readonly string[], input?: string): Promise<string> =>
    runSluice(build, args, { SLUICE_URL: url, SLUICE_API_KEY: key }, input);
  const submitted = await run(['submit', ids, '-p', 'HIGH', '--watch', '--json']);
  const [id = ''] = /[0-9a-f-]{36}/.exec(submitted) ?? [];
  return [
    normalize(submitted.split('\n')[0] ?? ''),
    normalize(await run(['status', id])),
    normalize(await run(['submit', '-', '-p', 'LOW', '--stream'], '61,62')),
    (await run(['list', '-n', '1'])).split(/\s+/).slice(0, 7),
    Object.keys(JSON.parse(await run(['queue', '--json'])) as object),
    (await run(['keys', 'list', '--file', join(folder, 'keys.json')])).split('\t').slice(1, 3),
  ];
}
