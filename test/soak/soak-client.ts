import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type Question, type Reply } from '../crash/http-client.ts';
import { PRIORITIES } from '../crash/ledger.ts';
import type { Random } from '../crash/random.ts';
import type { Target } from '../crash/target.ts';
import type { Tally } from './tally.ts';
import { LANES } from './settings.ts';

const MAX_LIST = 20;
const MIN_STREAM = 200;
const MAX_STREAM = 1000;
const MAX_PAUSE_MS = 1000;
const AFTER_REFUSAL_MS = 100;
const ENDED = /"status":"(?:completed|failed|cancelled)"/;

interface Accepted {
  readonly ingestionId: string;
  readonly ids: readonly bigint[];
}

/** A client that submits lists one after the other, streams some, follows them, and changes its mind now and then. */
export class SoakClient {
  private readonly target: Target;
  private readonly tally: Tally;
  private readonly random: Random;

  constructor(target: Target, tally: Tally, random: Random) {
    this.target = target;
    this.tally = tally;
    this.random = random;
  }

  /** Resolves once `signal` is aborted and the list under way is dealt with. */
  async run(signal: AbortSignal): Promise<void> {
    const { random } = this;
    while (!signal.aborted) {
      const { ingestionId, ids } = await (random.chance(0.03) ? this.stream() : this.submit());
      if (random.chance(0.05)) {
        this.tally.cancel(ids);
        await this.act('POST', `/ingestions/${ingestionId}/cancel`);
      }
      if (random.chance(0.05)) {
        await this.act('PATCH', `/ingestions/${ingestionId}`, { priority: random.pick(PRIORITIES) });
      }
      if (random.chance(0.2)) {
        await this.listen(ingestionId, signal);
      }
      await this.poll(ingestionId, signal); // so that no more waits than the lists of all clients
      await sleep(random.between(0, MAX_PAUSE_MS));
    }
  }

  private async submit(): Promise<Accepted> {
    const { random } = this;
    const ids = this.tally.draw(random.integer(1, MAX_LIST));
    const body = `{"ids":[${ids.join(',')}],"priority":"${random.pick(PRIORITIES)}","lane":"${random.pick(LANES)}"}`;
    return this.accept(ids, '/ingest', 'application/json', body);
  }

  private async stream(): Promise<Accepted> {
    const { random } = this;
    const ids = this.tally.draw(random.integer(MIN_STREAM, MAX_STREAM));
    const path = `/ingest/stream?priority=LOW&lane=${random.pick(LANES)}`;
    return this.accept(ids, path, 'text/plain', ids.join('\n'));
  }

  /** Repeats the submission under its key until it is accepted. */
  private async accept(ids: readonly bigint[], path: string, type: string, body: string): Promise<Accepted> {
    const headers = { 'content-type': type, 'idempotency-key': `list-${String(ids[0])}` };
    for (;;) {
      const reply = await this.ask({ method: 'POST', url: path, headers, body });
      if (reply?.status === 200) {
        this.tally.accept(ids);
        const { ingestion_id: ingestionId } = JSON.parse(reply.text) as { ingestion_id: string };
        return { ingestionId, ids };
      }
      await sleep(AFTER_REFUSAL_MS);
    }
  }

  /** Follows a list by long polls until it has ended. */
  private async poll(ingestionId: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const reply = await this.ask({ method: 'GET', url: `/status/${ingestionId}?batches=none&wait=5` });
      if (reply === null || reply.status === 503) {
        await sleep(AFTER_REFUSAL_MS);
      } else if (reply.status !== 200 || ENDED.test(reply.text)) {
        return;
      }
    }
  }

  /** Follows a list by its event stream, and drops the connection at the end or sometimes earlier. */
  private async listen(ingestionId: string, signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, AbortSignal.timeout(this.random.integer(1000, 20_000))]);
    try {
      const response = await fetch(`${await this.target.reachable()}/status/${ingestionId}/events`, {
        signal: over,
      });
      await response.text();
    } catch {
      // It was dropped, or the service was killed.
    }
  }

  private async act(method: 'POST' | 'PATCH', path: string, body?: object): Promise<void> {
    await this.ask({
      method,
      url: path,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
  }

  /** Resolves with the answer; with null if the connection was lost. */
  private async ask(question: Question): Promise<Reply | null> {
    const url = `${await this.target.reachable()}${question.url}`;
    const reply = await ask({ ...question, url }).catch(() => null);
    this.tally.count(question.method, question.url, reply?.status);
    return reply;
  }
}
