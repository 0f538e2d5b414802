import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { useCli } from '../support/cli.js';

jest.setTimeout(60_000);

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const progress = (completed: number): object => ({
  total: 3,
  yet_to_start: 3 - completed,
  in_flight: 0,
  completed,
  failed: 0,
  percent: Math.floor((completed * 100) / 3),
});
const head = (status: string, completed: number): string =>
  JSON.stringify({ ingestion_id: 'x', status, priority: 'LOW', progress: progress(completed) });
const event = (type: string, id: string, data: object): string =>
  `event: ${type}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/** Tests use a service whose connections end as scripted. */
describe('sluice status --watch', () => {
  const { inPipe, onTerminal } = useCli();
  const servers: Server[] = [];
  afterEach(() => {
    servers.splice(0).forEach((server) => server.close());
  });

  /** Starts a service: `events` answers the streams in turn, `asked` each request for the status. */
  async function serve(events: Answer[], asked: Answer): Promise<{ url: string; seen: IncomingMessage[] }> {
    const seen: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      seen.push(request);
      const answer = request.url?.endsWith('/events') === true ? events.shift() : asked;
      if (answer === undefined) {
        response.writeHead(502).end();
      } else {
        answer(response, request);
      }
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, seen };
  }

  const stream =
    (...events: string[]): Answer =>
    (response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(events.join(''), () => response.destroy());
    };
  const status =
    (...heads: string[]): Answer =>
    (response) => {
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(heads.length > 1 ? heads.shift() : heads[0]);
    };

  it('resumes where the connection broke off', async () => {
    const { url, seen } = await serve(
      [
        stream(
          event('status', '0', { status: 'triggered' }),
          event('progress', '5', progress(1)),
          'event: pro',
        ),
        stream(event('progress', '7', progress(2))),
        stream(
          event('status', '7', { status: 'completed' }),
          event('progress', '8', progress(3)),
          event('done', 'done', { status: 'completed' }),
        ),
      ],
      status(head('yet_to_start', 0)),
    );
    const { exitCode, stdout } = await inPipe(['status', 'x', '-w'], url).ended;

    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => /\d\/3/.exec(line)?.[0])).toEqual([
      '0/3',
      '1/3',
      '2/3',
      '3/3',
      undefined,
    ]);
    expect(seen.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, undefined, '5', '7']);
  });

  it('asks again and again where no events come through', async () => {
    const { url, seen } = await serve(
      [],
      status(head('yet_to_start', 0), head('triggered', 1), head('triggered', 2), head('completed', 3)),
    );
    const { exitCode, stdout } = await inPipe(['status', 'x', '-w'], url).ended;

    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(4);
    expect(seen.map(({ url: path }) => path).slice(-3)).toEqual(
      Array(3).fill('/status/x?batches=none&wait=30'),
    );
  });

  it('sends the key', async () => {
    const { url, seen } = await serve([], status(head('completed', 3)));
    await inPipe(['status', 'x', '-w'], url, { SLUICE_API_KEY: 's3cret' }).ended;

    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer s3cret']);
  });

  it('says why its key has ended, and does not ask again', async () => {
    const detail = 'the key or token is no longer valid';
    const { url, seen } = await serve(
      [stream(event('access_ended', '', { reason: 'revoked', detail }))],
      status(head('triggered', 1)),
    );

    expect(await inPipe(['status', 'x', '-w'], url).ended).toMatchObject({
      exitCode: 4,
      stderr: `sluice: ${detail}\n`,
    });
    expect(seen).toHaveLength(2);
  });

  it.each(['in a pipe', 'on a terminal'])(
    'lets no answer control what it is printed on, %s',
    async (where) => {
      const hostile = '\u001b]0;owned\u0007\u009b2J\u202e';
      const body = JSON.parse(head('completed', 3)) as Record<string, unknown>;
      const ended = { ...body, status: hostile, ingestion_id: hostile };
      const { url } = await serve([], (response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(ended));
      });
      const refusing = await serve([], (response) => {
        response
          .writeHead(404, { 'Content-Type': 'application/json' })
          .end(JSON.stringify({ detail: hostile }));
      });
      const run = where === 'in a pipe' ? inPipe : onTerminal;
      for (const { stdout, stderr } of [
        await run(['status', 'x', '-w'], url).ended,
        await run(['status', 'x'], url).ended,
        await run(['status', 'x', '--json'], url).ended,
        await run(['status', 'x'], refusing.url).ended,
      ]) {
        const obeyed = ['\u001b]', '\u0007', '\u009b', '\u202e'].filter((part) =>
          (stdout + stderr).includes(part),
        );
        expect(obeyed).toEqual([]);
        expect(stdout + stderr).toContain(String.raw`\u001b]0;owned\u0007\u009b2J\u202e`);
      }
    },
  );

  it('says what the service says where it refuses', async () => {
    const refuse: Answer = (response) => {
      response
        .writeHead(403, { 'Content-Type': 'application/problem+json' })
        .end(JSON.stringify({ detail: 'the key may not read', status_code: 403 }));
    };
    const { url } = await serve([], refuse);

    expect(await inPipe(['status', 'x', '-w'], url).ended).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: 'sluice: the key may not read\n',
    });
  });
});
